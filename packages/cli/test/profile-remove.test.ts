import { mkdir, readdir, rename, rm, symlink } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

const PROFILES = '.config/vastai/profiles';
const WORK = `${PROFILES}/work`;
const KEY_OF_WORK = `${WORK}/vast_api_key`;
const REMOVE = ['profile', 'remove', 'work', '--yes'];

describe.concurrent('profile remove', () => {
  it('removes all files of vastai in the folder, and the folder', async ({ harness }) => {
    const { vastai, home, sandbox, unknownKey } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    for (const name of ['tfa_session', '.vast_api_key.tmp-1.abc', '.tfa_session.tmp-1.abc'])
      await home.write(`${WORK}/${name}`, await unknownKey());
    expect((await vastai(REMOVE)).status).toBe(0);
    expect(await readdir(home.at(PROFILES))).toEqual([]);
  });

  it('leaves other files in the folder, and names them', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    const notes = await home.write(`${WORK}/notes.txt`, 'mine');
    const inside = await home.write(`${WORK}/deep/inside`, 'mine too');
    const ran = await vastai(REMOVE);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(notes);
    expect(ran.stderr).toContain(home.at(WORK, 'deep'));
    expect(await home.read(KEY_OF_WORK)).toBeUndefined();
    expect(await home.read(`${WORK}/notes.txt`)).toBe('mine');
    expect(await home.read(inside.slice(home.path.length + 1))).toBe('mine too');
    // The profile is gone all the same.
    expect((await vastai(['profile', 'list', '--json'])).json()).toHaveLength(1);
  });

  it('leaves an empty folder of another profile, and one whose name only begins alike', async ({
    harness,
  }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    await home.write(`${PROFILES}/work2/vast_api_key`, sandbox.key);
    await mkdir(home.at(`${PROFILES}/empty`));
    await vastai(REMOVE);
    expect((await readdir(home.at(PROFILES))).sort()).toEqual(['empty', 'work2']);
  });

  it('removes a profile of which a killed writer left only a temporary file', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(`${WORK}/.vast_api_key.tmp-1.abc`, sandbox.key);
    expect((await vastai(REMOVE)).status).toBe(0);
    expect(await readdir(home.at(PROFILES))).toEqual([]);
  });

  it('removes the session of "default", and never the folder of the configuration', async ({ harness }) => {
    const { vastai, home, saveKey, unknownKey } = harness;
    await saveKey();
    await home.write(`${PROFILES}/default/tfa_session`, await unknownKey());
    await home.write('.config/vastai/notes.txt', 'mine');
    expect((await vastai(['profile', 'remove', 'default', '--yes'])).status).toBe(0);
    expect(await readdir(home.at(PROFILES))).toEqual([]);
    expect(await home.read('.config/vastai/notes.txt')).toBe('mine');
  });

  it.skipIf(process.platform === 'win32').for([
    ['the folder of all profiles', PROFILES],
    ['the folder of the profile', WORK],
  ] as const)('removes nothing through a symbolic link in place of %s', async ([, link], { harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    const settings = '{"version":1,"current":"work","profiles":{"work":{"storage":"file"}}}';
    await home.write(SETTINGS, settings);
    await rename(home.at(link), home.at('elsewhere'));
    await symlink(home.at('elsewhere'), home.at(link));
    for (const args of [REMOVE, ['unset', 'api-key', '--profile', 'work', '--yes']]) {
      const ran = await vastai(args);
      expect(ran.status).toBe(9);
      expect(ran.stderr).toContain(`${home.at(link)} is a symbolic link`);
      expect(await home.read(KEY_OF_WORK)).toBe(sandbox.key);
      expect(JSON.parse((await home.read(SETTINGS)) ?? '')).toEqual(JSON.parse(settings));
    }
    await rm(home.at(link));
    expect((await vastai(REMOVE)).status).toBe(0);
    expect(
      await home.read(link === PROFILES ? 'elsewhere/work/vast_api_key' : 'elsewhere/vast_api_key'),
    ).toBe(sandbox.key);
  });

  it.skipIf(process.platform === 'win32')(
    'leaves the target of a link in the folder',
    async ({ harness }) => {
      const { vastai, home, sandbox } = harness;
      const target = await home.write('elsewhere/vast_api_key', sandbox.key);
      await mkdir(home.at(WORK), { recursive: true, mode: 0o700 });
      await symlink(target, home.at(KEY_OF_WORK));
      expect((await vastai(REMOVE)).status).toBe(0);
      expect(await home.read('elsewhere/vast_api_key')).toBe(sandbox.key);
      expect(await readdir(home.at(PROFILES))).toEqual([]);
    },
  );
});
