import { execFileSync } from 'node:child_process';
import { mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { StorageError, UsageError } from '../base/errors.js';
import { chooseProfile } from './profile.js';
import type { Settings } from './settings.js';

const home = useHome();
const settings: Settings = { version: 1, current: 'current', profiles: {} };
const unix = process.platform !== 'win32';

describe('the profile', () => {
  it('is the one of the flag before any other', async () => {
    home.put(home.at('.vastai-profile'), 'folder');
    expect(await chooseProfile('flag', { VAST_PROFILE: 'env' }, home.path, settings)).toEqual({
      name: 'flag',
      from: '--profile',
      byFlag: true,
    });
  });

  it('is the one of VAST_PROFILE, then', async () => {
    home.put(home.at('.vastai-profile'), 'folder');
    expect(await chooseProfile(undefined, { VAST_PROFILE: 'env' }, home.path, settings)).toEqual({
      name: 'env',
      from: 'VAST_PROFILE',
      byFlag: false,
    });
  });

  it('is the one of the nearest .vastai-profile, then', async () => {
    home.put(home.at('.vastai-profile'), 'far');
    home.put(home.at('a', '.vastai-profile'), ' near\n');
    mkdirSync(home.at('a', 'b', 'c'), { recursive: true });
    expect(await chooseProfile(undefined, {}, home.at('a', 'b', 'c'), settings)).toMatchObject({
      name: 'near',
      from: home.at('a', '.vastai-profile'),
    });
  });

  it('is the current one of the settings, then', async () => {
    expect(await chooseProfile(undefined, {}, home.path, settings)).toMatchObject({
      name: 'current',
      from: 'config.json',
    });
  });

  it('is "default" when nothing names one', async () => {
    const nothing = { version: 1, profiles: {} };
    for (const folder of [home.path, undefined])
      expect(await chooseProfile(undefined, {}, folder, nothing)).toEqual({
        name: 'default',
        from: 'default',
        byFlag: false,
      });
  });

  it.each(['a', '0', 'work', 'a.b_c-d', 'constructor', 'x'.repeat(64)])('may be named %s', async (name) => {
    expect((await chooseProfile(name, {}, home.path, settings)).name).toBe(name);
  });

  it.each([
    '',
    'Work',
    '.',
    '..',
    '.hidden',
    '-x',
    '_x',
    'a/b',
    'a\\b',
    '../x',
    'a b',
    'a\n',
    'ä',
    '__proto__',
    'x'.repeat(65),
  ])('may not be named %j, wherever the name comes from', async (name) => {
    await expect(chooseProfile(name, {}, home.path, settings)).rejects.toThrow(UsageError);
    await expect(chooseProfile(undefined, { VAST_PROFILE: name }, home.path, settings)).rejects.toThrow(
      /VAST_PROFILE/,
    );
  });

  it.each(['', '../x', 'two\nlines', 'url=https://evil.example'])(
    'may not be named %j by a folder',
    async (name) => {
      home.put(home.at('.vastai-profile'), name);
      await expect(chooseProfile(undefined, {}, home.path, settings)).rejects.toThrow(UsageError);
    },
  );

  it.runIf(unix)('does not block on a pipe in place of the file', async () => {
    execFileSync('mkfifo', [home.at('.vastai-profile')]);
    await expect(chooseProfile(undefined, {}, home.path, settings)).rejects.toThrow(StorageError);
  });

  it.runIf(unix)('is not read through a symbolic link', async () => {
    home.put(home.at('elsewhere'), 'work');
    symlinkSync('elsewhere', home.at('.vastai-profile'));
    await expect(chooseProfile(undefined, {}, home.path, settings)).rejects.toThrow(StorageError);
  });
});
