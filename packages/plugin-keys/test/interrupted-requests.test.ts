import { chmod, rm, stat } from 'node:fs/promises';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import type { Running } from '@vastai-cli/testing/run';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';
import { unsavedKeys } from './support/unsaved-keys.js';

const CREATE = ['create', 'api-key', '--name', 'ci'];
const RESET = ['reset', 'api-key', '--yes'];
const POST = 'POST /api/v0/auth/apikeys/';
const PUT = 'PUT /api/v0/commands/reset_apikey/';
const KEY_FILE = '.config/vastai/vast_api_key';
const LOCK = '.config/vastai/.lock';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGQUIT'] as const;
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGQUIT: 131 } as const;
const REQUESTS = [
  [
    'create',
    CREATE,
    POST,
    'Look for it with: vastai show api-keys. Delete it with: vastai delete api-key ID.',
  ],
  ['reset', RESET, PUT, 'The old key may no longer work'],
] as const;
const printsKey = true;
/** Signals within a tenth of a second count as one. */
const APART_MS = 300;

/** Waits until a run has printed the given words to standard error. */
async function printed(run: Running, text: string): Promise<void> {
  await expect.poll(() => run.stderr(), { timeout: 20_000 }).toContain(text);
}

/** Makes this process hold the lock, like another vastai. */
const holdLock = ({ home }: Harness) =>
  home.write(LOCK, JSON.stringify({ pid: process.pid, host: hostname() }));

describe.skipIf(process.platform === 'win32').concurrent('a request that creates a key', () => {
  for (const [what, args, route, advice] of REQUESTS) {
    it.for(SIGNALS)(
      `(${what}) says at once what may exist after %s, then ends as usual`,
      async (signal, { harness, expect }) => {
        const { start, sandbox, saveKey, asked, home } = harness;
        await saveKey();
        sandbox.fault(route, { kind: 'latency', ms: 3000, acts: true });
        const run = start([...args, '--json'], { printsKey });
        await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
        run.kill(signal);
        await printed(run, advice);
        const ran = await run.ended;
        expect(ran.status).toBe(0);
        const key = what === 'create' ? ran.json().key : await home.read(KEY_FILE);
        await recordKey(key);
        expect((await harness.vastai(['show', 'user', '--api-key', key])).status).toBe(0);
        expect(await unsavedKeys(harness)).toEqual([]);
      },
    );

    it.for(SIGNALS)(`(${what}) ends after a second %s`, async (signal, { harness, expect }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(route, { kind: 'latency', ms: 30_000 });
      const run = start(args);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
      run.kill('SIGINT');
      await printed(run, advice);
      await sleep(APART_MS);
      run.kill(signal);
      const ran = await run.ended;
      expect(ran).toMatchObject({ status: STATUS[signal], stdout: '' });
      expect(ran.stderr).toMatch(/^Error: Interrupted during .* It may have taken effect anyway\.$/m);
      expect(asked()).toEqual([route]);
    });

    it(`(${what}) prints one document after a second signal and exits with its status`, async ({
      harness,
      expect,
    }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(route, { kind: 'stall' });
      const run = start([...args, '--json', '--profile', 'default']);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
      run.kill('SIGHUP');
      await printed(run, 'Interrupted; still waiting for the response');
      await sleep(APART_MS);
      run.kill('SIGTERM');
      const ran = await run.ended;
      expect(ran.status).toBe(143);
      const { error } = ran.json();
      expect(error.code).toBe('interrupted');
      // The advice is about the requested profile.
      expect(error.hint).toContain('--profile default');
    });

    it(`(${what}) ends as usual when no response comes in time after a signal`, async ({
      harness,
      expect,
    }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(route, { kind: 'latency', ms: 30_000 });
      const run = start([...args, '--timeout', '3']);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
      run.kill('SIGTERM');
      const ran = await run.ended;
      expect(ran).toMatchObject({ status: 8, stdout: '' });
      expect(ran.stderr).toContain('did not respond within 3 s');
      expect(ran.stderr.split(advice)).toHaveLength(3);
    });

    it(`(${what}) ends as usual when the connection breaks after a signal`, async ({ harness, expect }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(route, { kind: 'latency', ms: 30_000 });
      const run = start(args);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
      run.kill('SIGTERM');
      await printed(run, advice);
      await sandbox.close();
      expect((await run.ended).status).toBe(8);
    });

    it(`(${what}) ends at once if nothing can have taken effect`, async ({ harness, expect }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(route, { kind: 'answer', status: 429, body: { detail: 'threshold=30' } });
      const run = start(args);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
      await sleep(APART_MS);
      run.kill('SIGTERM');
      const ran = await run.ended;
      expect(ran).toMatchObject({ status: 143, stdout: '' });
      expect(ran.stderr).not.toContain('may');
    });

    it(`(${what}) treats a repeated signal as one`, async ({ harness, expect }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(route, { kind: 'latency', ms: 2000, acts: true });
      const run = start([...args, '--json'], { printsKey });
      await expect.poll(asked, { timeout: 20_000 }).toEqual([route]);
      run.kill('SIGINT');
      run.kill('SIGINT');
      run.kill('SIGHUP');
      expect((await run.ended).status).toBe(0);
    });
  }

  it('finishes even if standard error is no longer read', async ({ harness, expect }) => {
    const { start, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(POST, { kind: 'latency', ms: 2000, acts: true });
    const through = ['bash', '-c', 'exec "$@" 2> >(:)', 'bash'];
    const run = start(CREATE, { printsKey, through });
    await expect.poll(asked, { timeout: 20_000 }).toEqual([POST]);
    run.kill('SIGHUP');
    const ran = await run.ended;
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
  });
});

describe.skipIf(process.platform === 'win32').concurrent('a reset key that waits to be saved', () => {
  /** Resets. Another process takes the lock during the request. Waits until the new key is in its own file. */
  async function waiting(harness: Harness, args: readonly string[] = []) {
    await harness.saveKey();
    harness.sandbox.fault(PUT, { kind: 'latency', ms: 1000 });
    const run = harness.start([...RESET, ...args], { printsKey });
    await expect.poll(harness.asked, { timeout: 20_000 }).toEqual([PUT]);
    const lock = await holdLock(harness);
    await expect.poll(() => unsavedKeys(harness), { timeout: 20_000 }).toHaveLength(1);
    const path = (await unsavedKeys(harness))[0] ?? '';
    const key = ((await harness.home.read(path)) ?? '').trim();
    await recordKey(key);
    return { run, lock, key, path, file: harness.home.at(path) };
  }

  it('survives a kill in a 0600 file that the next commands name', async ({ harness, expect }) => {
    const { run, lock, key, file } = await waiting(harness);
    run.kill('SIGKILL');
    await run.ended;
    await rm(lock);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    expect(harness.sandbox.key).not.toBe(key);
    const { sources } = (await harness.vastai(['auth', 'status', '--offline', '--json'])).json();
    const [problem] = sources.find(({ source }: { source: string }) => source === 'file').problems;
    expect(problem).toMatchObject({ code: 'unsaved_key', message: expect.stringContaining(file) });
    expect((await harness.vastai(['doctor'])).stdout.replaceAll('\n', '')).toContain(file);
    // The advice works as printed.
    const advised = ['sh', '-c', `vastai() { "$NODE" "$BIN" "$@"; }; NODE=$0 BIN=$1; ${problem.fix}`];
    const saved = await harness.vastai([], { through: advised });
    expect(saved.status).toBe(0);
    expect(await unsavedKeys(harness)).toEqual([]);
    expect((await harness.vastai(['show', 'user'])).status).toBe(0);
  });

  it.for(SIGNALS)('is named at once after %s, and saved anyway', async (signal, { harness, expect }) => {
    const { run, lock, key, file } = await waiting(harness);
    run.kill(signal);
    await printed(run, `vastai set api-key < ${file} && rm ${file}`);
    await rm(lock);
    const ran = await run.ended;
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(`…${key.slice(-4)} in ${harness.home.at(KEY_FILE)}`);
    expect(await harness.home.read(KEY_FILE)).toBe(key);
    expect(await unsavedKeys(harness)).toEqual([]);
  });

  it.for(SIGNALS)('stays in its file after a second %s', async (signal, { harness, expect }) => {
    const { run, lock, key, file, path } = await waiting(harness, ['--json']);
    run.kill('SIGINT');
    await printed(run, file);
    await sleep(APART_MS);
    run.kill(signal);
    const ran = await run.ended;
    expect(ran.status).toBe(STATUS[signal]);
    expect(ran.json().error).toMatchObject({ code: 'interrupted', hint: expect.stringContaining(file) });
    expect(ran.stdout).not.toContain(key);
    expect(((await harness.home.read(path)) ?? '').trim()).toBe(key);
    await rm(lock);
  });

  it('is printed after a signal when it can be neither saved nor put in a file', async ({
    harness,
    expect,
  }) => {
    const { start, sandbox, saveKey, asked, home } = harness;
    await saveKey();
    sandbox.fault(PUT, { kind: 'latency', ms: 1500, acts: true });
    const run = start(RESET, { through: AS_ANYBODY, printsKey });
    await expect.poll(asked, { timeout: 20_000 }).toEqual([PUT]);
    await chmod(home.at('.config/vastai'), 0o500);
    run.kill('SIGTERM');
    const ran = await run.ended;
    await chmod(home.at('.config/vastai'), 0o700);
    expect(ran.status).toBe(9);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(ran.stdout.trim());
  });

  it('is located in a warning when the signal came during the request', async ({ harness, expect }) => {
    const { start, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(PUT, { kind: 'latency', ms: 1500, acts: true });
    const run = start(RESET);
    await expect.poll(asked, { timeout: 20_000 }).toEqual([PUT]);
    const lock = await holdLock(harness);
    run.kill('SIGTERM');
    await printed(run, 'The old key may no longer work');
    await printed(run, 'The new key is not saved yet.');
    const [path = ''] = await unsavedKeys(harness);
    await recordKey(((await harness.home.read(path)) ?? '').trim());
    expect(run.stderr()).toContain(harness.home.at(path));
    await rm(lock);
    expect((await run.ended).status).toBe(0);
  });
});
