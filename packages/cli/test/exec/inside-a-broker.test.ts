import { readFile, rm } from 'node:fs/promises';
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
  it.for([
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
    'show user --url https://elsewhere.example',
    'doctor --profile work',
    'doctor --url=https://elsewhere.example',
    'permissions explain --profile work none.json',
  ])('refuses %s', async (words, { harness, expect }) => {
    await harness.saveKey();
    await harness.home.write('.config/vastai/profiles/work/vast_api_key', await harness.unknownKey());
    expect(await inside(harness, words)).toMatchObject({ status: 2, stdout: '' });
    expect(harness.asked()).toEqual([]);
  });

  it('asks the API with the token, and with nothing else', async ({ harness, expect }) => {
    await harness.saveKey();
    expect((await inside(harness, 'show user')).status).toBe(0);
    expect((await inside(harness, 'auth status')).status).toBe(0);
    for (const words of ['show user', 'auth status', 'show api-keys'])
      expect((await inside(harness, words, { first: 'unset VAST_API_KEY;' })).status).toBe(3);
    expect(harness.sandbox.requests.every(({ authorization }) => authorization?.keyId === 40)).toBe(true);
  });

  it.for(['exec -- echo started', 'exec --mask never -- echo started', 'exec'])(
    'starts no program with %s, on any path',
    async (words, { harness, expect }) => {
      await harness.saveKey();
      for (const env of [{}, { VASTAI_DEBUG: '1' }]) {
        const { status, stdout, stderr } = await inside(harness, words, { env });
        expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
        expect(stderr).toContain('exec is not available to a program that vastai exec --broker started');
      }
    },
  );

  it.for([
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
  ])('reads no saved key for %s', async (words, { harness, expect }) => {
    const recorder = await withSavedKeys(harness);
    for (const token of ['', 'unset VAST_API_KEY;']) {
      await rm(harness.home.at('opened'), { force: true });
      await inside(harness, words, { first: `${token} export NODE_OPTIONS=${recorder};` });
      expect(await openedKeys(harness)).toEqual([]);
    }
  });

  it('would be seen to read one', async ({ harness, expect }) => {
    const NODE_OPTIONS = await withSavedKeys(harness);
    await harness.vastai(['auth', 'status', '--offline'], { env: { NODE_OPTIONS } });
    expect(await openedKeys(harness)).toEqual(
      expect.arrayContaining([
        expect.stringContaining('vastai/vast_api_key'),
        expect.stringContaining('vast_tfa_key'),
      ]),
    );
  });
});

/** Saves keys wherever they can be, and returns the option with which Node records what it opens. */
async function withSavedKeys({ saveKey, unknownKey, home }: Harness): Promise<string> {
  await saveKey();
  const places = [
    '.vast_api_key',
    '.config/vastai/vast_tfa_key',
    '.config/vastai/profiles/work/vast_api_key',
  ];
  for (const place of places) await home.write(place, await unknownKey());
  await home.write('record.cjs', RECORD_OPENED);
  return `--require=${home.at('record.cjs')}`;
}

/** Returns the files with keys that the last recorded program opened. */
async function openedKeys({ home }: Harness): Promise<string[]> {
  const opened = (await readFile(home.at('opened'), 'utf8')).split('\n');
  return opened.filter((path) => /vast_(?:api|tfa)_key/u.test(path));
}
