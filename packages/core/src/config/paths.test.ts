import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsOf } from './paths.js';

const home = resolve('/home/ada');
const inHome = (...names: string[]) => join(home, ...names);

describe('the paths', () => {
  it('are below ~/.config/vastai, except the receipts and the files of other tools', () => {
    const ours = (...names: string[]) => inHome('.config', 'vastai', ...names);
    const { keyFile, profileFolder, sessionFile, unsavedKeyFile, unsavedKeyAt, receiptFile, ...fixed } =
      pathsOf({}, home);
    expect(fixed).toEqual({
      configFolder: ours(),
      settingsFile: ours('config.json'),
      lockFile: ours('.lock'),
      rotationLockFile: ours('.rotation-lock'),
      ledgerFile: ours('ledger.json'),
      legacyFile: inHome('.vast_api_key'),
      officialFolder: inHome('.local', 'share', 'vastai'),
      twoFactorFile: ours('vast_tfa_key'),
      profilesFolder: ours('profiles'),
      receiptsFolder: inHome('.local', 'state', 'vastai', 'migrations'),
    });
    expect(keyFile('default')).toBe(ours('vast_api_key'));
    expect(keyFile('work')).toBe(ours('profiles', 'work', 'vast_api_key'));
    expect(profileFolder('default')).toBe(ours('profiles', 'default'));
    expect(sessionFile('default')).toBe(ours('profiles', 'default', 'tfa_session'));
    expect(sessionFile('work')).toBe(ours('profiles', 'work', 'tfa_session'));
    expect(unsavedKeyFile('work.1')).toBe(ours('unsaved-key.work.1'));
    expect(receiptFile('a.json')).toBe(inHome('.local', 'state', 'vastai', 'migrations', 'a.json'));
    for (const name of ['unsaved-key.work.1', '.unsaved-key.work.1.tmp-1'])
      expect(unsavedKeyAt(name)).toBe(ours(name));
    for (const name of ['vast_api_key', 'my-unsaved-key.work', 'unsaved-key', '..unsaved-key.work'])
      expect(unsavedKeyAt(name)).toBeUndefined();
  });

  it('of the Python CLI follow XDG_DATA_HOME', () => {
    expect(pathsOf({ XDG_DATA_HOME: resolve('/srv/ada') }, home).officialFolder).toBe(
      join(resolve('/srv/ada'), 'vastai'),
    );
  });

  it('follow XDG_CONFIG_HOME, except the file of older tools', () => {
    const paths = pathsOf({ XDG_CONFIG_HOME: resolve('/etc/ada') }, home);
    expect(paths.keyFile('default')).toBe(join(resolve('/etc/ada'), 'vastai', 'vast_api_key'));
    expect(paths.legacyFile).toBe(inHome('.vast_api_key'));
  });

  it('keep receipts below XDG_STATE_HOME, else ~/.local/state', () => {
    expect(pathsOf({}, home).receiptsFolder).toBe(inHome('.local', 'state', 'vastai', 'migrations'));
    expect(pathsOf({ XDG_STATE_HOME: resolve('/var/ada') }, home).receiptsFolder).toBe(
      join(resolve('/var/ada'), 'vastai', 'migrations'),
    );
  });

  it.each(['config', './config', '../config', '~/config'])('ignore the relative folder %s', (folder) => {
    const { configFolder, receiptsFolder } = pathsOf(
      { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: folder },
      home,
    );
    expect({ configFolder, receiptsFolder }).toEqual({
      configFolder: pathsOf({}, home).configFolder,
      receiptsFolder: pathsOf({}, home).receiptsFolder,
    });
  });
});
