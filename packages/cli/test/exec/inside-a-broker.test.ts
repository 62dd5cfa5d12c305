import { readFile } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

/** Loaded into a process before its program: writes the paths that it opens into the file `opened`. */
const RECORD_OPENED = `
const fs = require('node:fs');
const promises = require('node:fs/promises');
const { openSync, writeFileSync } = fs;
const opened = [];
const noting = (open) => function (path, ...others) {
  opened.push(String(path));
  return open.call(this, path, ...others);
};
for (const name of ['open', 'openSync', 'readFile', 'readFileSync', 'createReadStream']) fs[name] = noting(fs[name]);
for (const name of ['open', 'readFile']) promises[name] = noting(promises[name]);
process.on('exit', () => writeFileSync('opened', opened.join('\\n') + '\\n'));
`;

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

  it('reads no saved key, whatever the command', async ({ harness, expect }) => {
    const { saveKey, unknownKey, home } = harness;
    await saveKey();
    await home.write('.vast_api_key', await unknownKey());
    await home.write('.config/vastai/vast_tfa_key', await unknownKey());
    await home.write('.config/vastai/profiles/work/vast_api_key', await unknownKey());
    await home.write('record.cjs', RECORD_OPENED);
    const first = `export NODE_OPTIONS=--require=${home.at('record.cjs')};`;
    const commands = [
      'show user',
      'show api-keys',
      'delete api-key 5 --yes',
      'auth status',
      'auth status --offline',
      'doctor',
      'autocomplete profiles',
      'set api-key -',
      'config migrate',
      'profile list',
      'auth token',
    ];
    for (const words of commands) {
      for (const token of ['', 'unset VAST_API_KEY;']) {
        await inside(harness, words, { first: `${token} ${first}` });
        const opened = (await readFile(home.at('opened'), 'utf8')).split('\n');
        const ofKeys = opened.filter((path) => /vast_(?:api|tfa)_key/u.test(path));
        expect({ words, ofKeys }).toEqual({ words, ofKeys: [] });
      }
    }
    // Otherwise, nothing of this would be seen.
    const env = { NODE_OPTIONS: `--require=${home.at('record.cjs')}`, VAST_API_KEY: undefined };
    await harness.vastai(['auth', 'status', '--offline'], { env });
    expect(await readFile(home.at('opened'), 'utf8')).toMatch(/vast_api_key\n(?:.*\n)*.*vast_tfa_key/u);
  });
});
