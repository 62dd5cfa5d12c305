import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

/** Runs vastai in a program behind a broker. */
const inside = ({ vastai }: Harness, words: string, { first = '', env = {} } = {}) =>
  vastai(['exec', '--broker', '--', 'sh', '-c', `${first} exec "$0" "$1" ${words}`, process.execPath, BIN], {
    env,
  });

describe.runIf(process.platform !== 'win32').concurrent('vastai in a program behind a broker', () => {
  it('gives it no key', async ({ harness, expect }) => {
    await harness.saveKey();
    const other = await harness.unknownKey();
    await harness.home.write('.config/vastai/profiles/work/vast_api_key', other);
    const refused = [
      'auth token',
      'exec -- env',
      'exec --broker -- env',
      'set api-key -',
      'unset api-key --yes',
      'config migrate',
      'profile list',
      'profile use work',
      'create api-key --name x',
      'reset api-key --yes',
      'show user --profile work',
      `show user --api-key ${'0'.repeat(64)}`,
      `show user --url ${harness.sandbox.url}`,
    ];
    for (const words of refused) {
      const { status, stdout } = await inside(harness, words);
      expect({ words, status, stdout }).toEqual({ words, status: 2, stdout: '' });
    }
    expect((await inside(harness, 'show user')).status).toBe(0);
    expect((await inside(harness, 'auth status')).status).toBe(0);
    for (const words of ['show user', 'auth status', 'show api-keys'])
      expect((await inside(harness, words, { first: 'unset VAST_API_KEY;' })).status).toBe(3);
    expect(harness.sandbox.requests.every(({ authorization }) => authorization?.keyId === 40)).toBe(true);
  });

  it('starts no program: not at once, not with flags, not from the path of oclif', async ({
    harness,
    expect,
  }) => {
    await harness.saveKey();
    for (const words of ['exec -- echo started', 'exec --mask never -- echo started', 'exec']) {
      for (const env of [{}, { VASTAI_DEBUG: '1' }]) {
        const { status, stdout, stderr } = await inside(harness, words, { env });
        expect({ words, status, stdout }).toEqual({ words, status: 2, stdout: '' });
        expect(stderr).toContain('exec is not available to a program that vastai exec --broker started');
      }
    }
  });
});
