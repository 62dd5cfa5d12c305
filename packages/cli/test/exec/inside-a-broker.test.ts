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
const inside = (
  { vastai }: Harness,
  words: string,
  {
    first = '',
    env = {},
    flags = [],
  }: { first?: string; env?: Record<string, string>; flags?: readonly string[] } = {},
) =>
  vastai(
    [
      'exec',
      '--broker',
      ...flags,
      '--',
      'sh',
      '-c',
      `${first} exec "$0" "$1" ${words}`,
      process.execPath,
      BIN,
    ],
    { env },
  );

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
        expect(stderr).toContain('exec is not available to programs started by vastai exec --broker');
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

  it.for(['show api-keys', 'delete api-key 5 --yes', 'show api-keys --json'])(
    'advises no other key when its run may not do %s',
    async (words, { harness, expect }) => {
      await harness.saveKey();
      const { status, stdout, stderr } = await inside(harness, words, { flags: ['--only', 'user.show'] });
      const said = words.endsWith('--json') ? JSON.parse(stdout).error : stderr;
      expect(status).toBe(5);
      expect(said.message ?? said).toMatch(
        /The broker of this run refused (?:GET|DELETE) \/api\/v0\/auth\/apikeys\//u,
      );
      expect(said.hint ?? said).toContain(
        'Do not look for another key. Ask the person who started this run: they have seen what would allow it.',
      );
      expect(stdout + stderr).not.toMatch(/Use a key|full access|new key|permission file|user_write/u);
    },
  );

  it('advises its own token when another one is refused', async ({ harness, expect }) => {
    await harness.saveKey();
    const first = `export VAST_API_KEY=${'0f'.repeat(32)};`;
    const { status, stderr } = await inside(harness, 'show user', { first });
    expect(status).toBe(4);
    expect(stderr).toContain('Use the VAST_API_KEY that vastai exec --broker gave to this program.');
    expect(stderr).not.toMatch(/manage-keys|unset VAST_API_KEY/u);
  });

  it('says in auth status that the run decides', async ({ harness, expect }) => {
    await harness.saveKey();
    const { stdout } = await inside(harness, 'auth status');
    expect(stdout).toContain(
      'It is a token from vastai exec --broker, which may allow less than the key does.',
    );
    expect(stdout).not.toContain('permissions explain');
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
