import { chmod, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { unsavedKeys } from './support/unsaved-keys.js';

const RESET = ['reset', 'api-key', '--yes'];
const PUT = 'PUT /api/v0/commands/reset_apikey/';
const FOLDER = '.config/vastai';
const KEY_FILE = `${FOLDER}/vast_api_key`;
const PRINTED = 'This is the new key. The old one no longer works: replace it where you set it.\n';
const printsKey = true;
/** Signals within a tenth of a second count as one. */
const APART_MS = 300;

/** Makes this process hold the lock, like another vastai. */
const holdLock = ({ home }: Harness) =>
  home.write(`${FOLDER}/.lock`, JSON.stringify({ pid: process.pid, host: hostname() }));

/** Returns the sentence about the file of the one unsaved key, and records the key. */
async function keptIn(harness: Harness): Promise<string> {
  const [path = ''] = await unsavedKeys(harness);
  await recordKey(((await harness.home.read(path)) ?? '').trim());
  const file = harness.home.at(path);
  return `It is in ${file}. Save it: vastai set api-key < ${file} && rm ${file}`;
}

describe.skipIf(process.platform === 'win32').concurrent('the messages about a reset key', () => {
  it('name only the place where it was saved', async ({ harness, expect }) => {
    await harness.saveKey();
    const ran = await harness.vastai(RESET);
    const key = (await harness.home.read(KEY_FILE)) ?? '';
    await recordKey(key);
    expect(key).toMatch(/^[0-9a-f]{64}$/u);
    expect(ran).toMatchObject({
      status: 0,
      stdout: `Saved the new key …${key.slice(-4)} in ${harness.home.at(KEY_FILE)}. The old one no longer works.\n`,
      stderr: '',
    });
    expect(await unsavedKeys(harness)).toEqual([]);
  });

  it.for(['no flag', '--json', '--raw'])(
    'say that it must be replaced where it was set (%s)',
    async (flag, { harness, expect }) => {
      const env = { VAST_API_KEY: harness.sandbox.key };
      const ran = await harness.vastai([...RESET, ...(flag.startsWith('--') ? [flag] : [])], {
        env,
        printsKey,
      });
      for (const key of ran.stdout.match(/[0-9a-f]{64}/gu) ?? []) await recordKey(key);
      expect(ran).toMatchObject({ status: 0, stderr: PRINTED });
      expect(await unsavedKeys(harness)).toEqual([]);
    },
  );

  it('name its file when standard output is discarded', async ({ harness, expect }) => {
    const env = { VAST_API_KEY: harness.sandbox.key };
    const ran = await harness.vastai(RESET, { env, through: ['sh', '-c', '"$@" > /dev/null', 'sh'] });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toBe(
      `Warning: Standard output is discarded, so the new key was saved to a file. ${await keptIn(harness)}\n${PRINTED}`,
    );
  });

  it('name its file while another process holds the lock, even after a second signal', async ({
    harness,
    expect,
  }) => {
    await harness.saveKey();
    harness.sandbox.fault(PUT, { kind: 'latency', ms: 1000 });
    const run = harness.start(RESET);
    await expect.poll(harness.asked, { timeout: 20_000 }).toEqual([PUT]);
    const lock = await holdLock(harness);
    await expect.poll(() => unsavedKeys(harness), { timeout: 20_000 }).toHaveLength(1);
    const where = await keptIn(harness);
    const warned = `Warning: The new key is not saved yet. ${where}\n`;
    await sleep(APART_MS);
    run.kill('SIGINT');
    await expect.poll(run.stderr, { timeout: 20_000 }).toContain(warned);
    await sleep(APART_MS);
    run.kill('SIGTERM');
    const ran = await run.ended;
    await rm(lock);
    expect(ran).toMatchObject({ status: 143, stdout: '' });
    // The note about the wait comes before or after the warning, depending on how busy the machine is.
    const said = ran.stderr.replace('Waiting for another vastai that is changing keys or settings.\n', '');
    expect(said.slice(said.indexOf(warned))).toBe(
      `${warned}Error: Interrupted before the new key was saved. The old one no longer works.\n${where}\n`,
    );
  });

  it.for(['no flag', '--json'])(
    'say why it was printed when it could not be saved (%s)',
    async (flag, { harness, expect }) => {
      const { start, sandbox, saveKey, asked, home } = harness;
      await saveKey();
      sandbox.fault(PUT, { kind: 'latency', ms: 1500, acts: true });
      const run = start([...RESET, ...(flag.startsWith('--') ? [flag] : [])], {
        through: AS_ANYBODY,
        printsKey,
      });
      await expect.poll(asked, { timeout: 20_000 }).toEqual([PUT]);
      await chmod(home.at(FOLDER), 0o500);
      const ran = await run.ended;
      await chmod(home.at(FOLDER), 0o700);
      const [key = ''] = ran.stdout.match(/[0-9a-f]{64}/u) ?? [];
      await recordKey(key);
      expect(ran.status).toBe(9);
      const says = 'The new key could not be saved, so it was printed. The old one no longer works. ';
      const hint = 'Save it: vastai set api-key';
      if (flag !== '--json') {
        expect(ran.stdout).toBe(`${key}\n`);
        expect(ran.stderr.startsWith(`Error: ${says}`)).toBe(true);
        expect(ran.stderr).toContain(home.at(FOLDER));
        expect(ran.stderr.endsWith(`\n${hint}\n`)).toBe(true);
        return;
      }
      expect(ran.stderr).toBe('');
      expect(ran.json()).toEqual({
        error: { code: 'storage', message: expect.stringContaining(says), hint },
        storage: null,
        location: null,
        suffix: key.slice(-4),
        key,
      });
    },
  );

  // A pipe on Linux holds 64 KiB.
  it.runIf(process.platform === 'linux')(
    'say that a copy must be removed when vastai cannot remove it',
    async ({ harness, expect }) => {
      const { start, sandbox, home } = harness;
      const go = home.at('go');
      // The pipe is full, so the new key is printed only when somebody begins to read.
      const script =
        '(head -c 65536 /dev/zero; exec "$@") | (until [ -e "$0" ]; do sleep 0.1; done; tail -c 65)';
      const through = [...AS_ANYBODY, 'bash', '-o', 'pipefail', '-c', script, go];
      const run = start(RESET, { env: { VAST_API_KEY: sandbox.key }, through, printsKey });
      await expect.poll(() => unsavedKeys(harness), { timeout: 20_000 }).toHaveLength(1);
      const [path = ''] = await unsavedKeys(harness);
      await expect.poll(() => home.read(path), { timeout: 20_000 }).toMatch(/^[0-9a-f]{64}\n$/u);
      await chmod(home.at(FOLDER), 0o500);
      await home.write('go', '');
      const ran = await run.ended;
      await chmod(home.at(FOLDER), 0o700);
      await recordKey(ran.stdout.trim());
      expect(ran).toMatchObject({ status: 0, stdout: await home.read(path) });
      expect(ran.stderr).toBe(
        `Warning: A copy of the new key is still in ${home.at(path)}. Remove that file.\n${PRINTED}`,
      );
    },
  );
});
