import { existsSync } from 'node:fs';
import { chmod, mkdir, stat } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';
import { unsavedKeys } from './support/unsaved-keys.js';

const CREATE = ['create', 'api-key', '--name', 'ci'];
const RESET = ['reset', 'api-key', '--yes'];
const CLOSED = ['sh', '-c', '"$@" >&-', 'sh'];
const FULL = ['sh', '-c', '"$@" > /dev/full', 'sh'];
/** Makes standard output a pipe that nobody reads. The exit status is that of vastai. */
const UNREAD = ['bash', '-c', 'set -o pipefail; "$@" | :', 'bash'];

/** Returns the one key in a file, and checks the mode of the file. */
async function keptKey(harness: Harness): Promise<string> {
  const paths = await unsavedKeys(harness);
  expect(paths).toHaveLength(1);
  const [path = ''] = paths;
  if (process.platform !== 'win32') expect((await stat(harness.home.at(path))).mode & 0o777).toBe(0o600);
  const key = ((await harness.home.read(path)) ?? '').trim();
  await recordKey(key);
  return key;
}

describe.runIf(existsSync('/dev/full')).concurrent('a new key that cannot be printed', () => {
  const OUTPUTS = [
    ['closed', CLOSED, 'EBADF'],
    ['full', FULL, 'ENOSPC'],
    ['read by nobody', UNREAD, 'EPIPE'],
  ] as const;
  const FORMATS = [[], ['--json'], ['--raw']] as const;

  it.for(OUTPUTS.flatMap((output) => FORMATS.map((flags) => [...output, flags] as const)))(
    'is in a file that the error names (create, standard output is %s)',
    async ([, through, code, flags], { harness }) => {
      await harness.saveKey();
      const ran = await harness.vastai([...CREATE, ...flags], { through });
      expect(ran).toMatchObject({ status: 1, stdout: '' });
      const key = await keptKey(harness);
      const [path = ''] = await unsavedKeys(harness);
      expect(ran.stderr).toContain(
        `Error: The new key could not be written to standard output (${code}). It is in ${harness.home.at(path)}.\n`,
      );
      expect(ran.stderr).toContain('Delete the key: vastai delete api-key 42');
      expect((await harness.vastai(['show', 'user', '--api-key', key])).status).toBe(0);
    },
  );

  it.for(OUTPUTS.flatMap((output) => FORMATS.map((flags) => [...output, flags] as const)))(
    'is in a file that the error names (reset, standard output is %s)',
    async ([, through, , flags], { harness }) => {
      const env = { VAST_API_KEY: harness.sandbox.key };
      const ran = await harness.vastai([...RESET, ...flags], { through, env });
      expect(ran).toMatchObject({ status: 1, stdout: '' });
      const key = await keptKey(harness);
      const [path = ''] = await unsavedKeys(harness);
      expect(ran.stderr).toContain(`It is in ${harness.home.at(path)}.\n`);
      expect((await harness.vastai(['show', 'user', '--api-key', key])).status).toBe(0);
    },
  );

  it('is reported as lost if no file can be written either', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await mkdir(home.at('.config/vastai'), { recursive: true });
    await chmod(home.at('.config/vastai'), 0o500);
    const through = [...AS_ANYBODY, ...FULL];
    const env = { VAST_API_KEY: sandbox.key };
    const made = await vastai(CREATE, { through, env });
    expect(made).toMatchObject({ status: 1, stdout: '' });
    expect(made.stderr).toContain('(ENOSPC). It is lost.\nDelete the key: vastai delete api-key 42\n');
    const reset = await vastai(RESET, { through, env });
    await chmod(home.at('.config/vastai'), 0o700);
    expect(reset).toMatchObject({ status: 1, stdout: '' });
    expect(reset.stderr).toContain(
      '(ENOSPC). It is lost.\nThe old key no longer works. Create a new one at ',
    );
  });

  it('is kept if it replaced another key and goes to /dev/null', async ({ harness }) => {
    const env = { VAST_API_KEY: harness.sandbox.key };
    const through = ['sh', '-c', '"$@" > /dev/null', 'sh'];
    const ran = await harness.vastai(RESET, { through, env });
    expect(ran.status).toBe(0);
    const key = await keptKey(harness);
    expect(ran.stderr).toContain(`It is in ${harness.home.at((await unsavedKeys(harness))[0] ?? '')}.`);
    expect((await harness.vastai(['show', 'user', '--api-key', key])).status).toBe(0);
  });

  it('is not kept if it was created and goes to /dev/null', async ({ harness }) => {
    await harness.saveKey();
    const ran = await harness.vastai(CREATE, { through: ['sh', '-c', '"$@" > /dev/null', 'sh'] });
    expect(ran.status).toBe(0);
    expect(await unsavedKeys(harness)).toEqual([]);
  });

  it('needs no file if it is saved', async ({ harness }) => {
    await harness.saveKey();
    expect((await harness.vastai(RESET, { through: UNREAD })).status).toBe(0);
    await recordKey((await harness.home.read('.config/vastai/vast_api_key')) ?? '');
    expect(await unsavedKeys(harness)).toEqual([]);
  });
});

describe.skipIf(process.platform === 'win32').concurrent('a reader that stops early', () => {
  it('is not an error', async ({ harness }) => {
    const { vastai, saveKey, addKey, sandbox } = harness;
    await saveKey();
    for (let count = 0; count < 3; count += 1) await addKey({ name: 'x'.repeat(50) });
    for (const args of [
      ['show', 'user'],
      ['show', 'api-keys'],
      ['show', 'api-keys', '--json'],
      ['auth', 'status'],
    ]) {
      const ran = await vastai(args, { through: UNREAD });
      expect(ran).toMatchObject({ status: 0, stderr: '' });
    }
    expect((await vastai(['delete', 'api-key', '42', '43', '44', '--yes'], { through: UNREAD })).status).toBe(
      0,
    );
    expect(sandbox.keys().filter(({ revoked }) => revoked)).toHaveLength(3);
  });

  it('does not change the status of an error', async ({ harness }) => {
    await harness.saveKey();
    expect((await harness.vastai(['show', 'api-key', '999', '--json'], { through: UNREAD })).status).toBe(6);
  });
});
