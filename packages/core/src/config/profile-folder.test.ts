import { chmodSync, existsSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { holdsOwnFiles, refuseLinkedProfileFolder, removeProfileFolder } from './profile-folder.js';

const home = useHome();
const unix = process.platform !== 'win32';
const inFolder = (name: string, profile = 'work') => home.at('.config', 'vastai', 'profiles', profile, name);

describe('the folder of a profile', () => {
  it.each([
    'vast_api_key',
    'tfa_session',
    '.vast_api_key.tmp-1.abc',
    '.vast_api_key.old-1.abc',
    '.tfa_session.tmp-1.abc',
    '.tfa_session.old-1.abc',
  ])('contains a file of vastai: %s', async (name) => {
    home.put(inFolder('notes'), '');
    expect(await holdsOwnFiles(home.paths, 'work')).toBe(false);
    home.put(inFolder(name), '');
    expect(await holdsOwnFiles(home.paths, 'work')).toBe(true);
    expect(await holdsOwnFiles(home.paths, 'other')).toBe(false);
    expect(await removeProfileFolder(home.paths, 'work')).toEqual([inFolder('notes')]);
    expect(await holdsOwnFiles(home.paths, 'work')).toBe(false);
  });

  it('of "default" contains its session, but not its key', async () => {
    home.put(inFolder('vast_api_key', 'default'), 'of somebody');
    expect(await holdsOwnFiles(home.paths, 'default')).toBe(false);
    home.put(inFolder('tfa_session', 'default'), '');
    home.put(home.paths.keyFile('default'), 'some-key');
    expect(await holdsOwnFiles(home.paths, 'default')).toBe(true);
    expect(await removeProfileFolder(home.paths, 'default')).toEqual([inFolder('vast_api_key', 'default')]);
    expect(await home.files()).toEqual({
      '.config/vastai/profiles/default/vast_api_key': 'of somebody',
      '.config/vastai/vast_api_key': 'some-key',
    });
  });

  it('is removed with the files of vastai; removing it again does nothing', async () => {
    home.put(inFolder('vast_api_key'), 'some-key');
    home.put(inFolder('tfa_session'), 'some-session');
    expect(await removeProfileFolder(home.paths, 'work')).toEqual([]);
    expect(existsSync(home.paths.profileFolder('work'))).toBe(false);
    expect(existsSync(home.paths.profilesFolder)).toBe(true);
    expect(await removeProfileFolder(home.paths, 'work')).toEqual([]);
  });

  it('stays if it contains anything else, which is listed by name', async () => {
    for (const name of ['zebra', 'vast_api_key', 'apple']) home.put(inFolder(name), name);
    expect(await removeProfileFolder(home.paths, 'work')).toEqual([inFolder('apple'), inFolder('zebra')]);
    expect(await home.files()).toEqual({
      '.config/vastai/profiles/work/apple': 'apple',
      '.config/vastai/profiles/work/zebra': 'zebra',
    });
  });

  it('is left alone if it is a file', async () => {
    home.put(home.paths.profileFolder('work'), 'a file');
    expect(await holdsOwnFiles(home.paths, 'work')).toBe(false);
    expect(await removeProfileFolder(home.paths, 'work')).toEqual([]);
    expect(await home.files()).toEqual({ '.config/vastai/profiles/work': 'a file' });
  });

  it.runIf(process.platform === 'linux' && process.getuid?.() === 0)(
    'causes an error if it is empty but cannot be removed',
    async () => {
      mkdirSync(home.paths.profileFolder('work'), { recursive: true });
      for (const folder of [home.path, home.at('.config'), home.paths.configFolder]) chmodSync(folder, 0o755);
      process.seteuid?.(65_534);
      try {
        await expect(removeProfileFolder(home.paths, 'work')).rejects.toMatchObject({
          code: 'storage',
          message: expect.stringMatching(/^Cannot remove .*work: permission denied/),
        });
      } finally {
        process.seteuid?.(0);
      }
    },
  );

  it.runIf(unix)('is not removed if it is a symbolic link', async () => {
    home.put(home.at('elsewhere', 'vast_api_key'), 'some-key');
    mkdirSync(home.paths.profilesFolder, { recursive: true });
    symlinkSync(home.at('elsewhere'), home.paths.profileFolder('work'));
    for (const refused of [refuseLinkedProfileFolder, removeProfileFolder])
      await expect(refused(home.paths, 'work')).rejects.toMatchObject({
        code: 'storage',
        message: `${home.paths.profileFolder('work')} is a symbolic link, and vastai removes nothing through a link.`,
      });
    expect((await home.files())['elsewhere/vast_api_key']).toBe('some-key');
    await refuseLinkedProfileFolder(home.paths, 'other');
  });
});
