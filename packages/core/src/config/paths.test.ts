import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { pathsOf } from './paths.js';

const home = resolve('/home/ada');
const inHome = (...names: string[]) => join(home, ...names);

describe('the paths', () => {
  it('are below ~/.config/vastai', () => {
    const paths = pathsOf({}, home);
    expect(paths.configFolder).toBe(inHome('.config', 'vastai'));
    expect(paths.settingsFile).toBe(inHome('.config', 'vastai', 'config.json'));
    expect(paths.keyFile('default')).toBe(inHome('.config', 'vastai', 'vast_api_key'));
    expect(paths.keyFile('work')).toBe(inHome('.config', 'vastai', 'profiles', 'work', 'vast_api_key'));
    expect(paths.twoFactorFile).toBe(inHome('.config', 'vastai', 'vast_tfa_key'));
    expect(paths.legacyFile).toBe(inHome('.vast_api_key'));
  });

  it('follow XDG_CONFIG_HOME, but for the file of older tools', () => {
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
