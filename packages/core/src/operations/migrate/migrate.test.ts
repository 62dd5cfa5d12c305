import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { recordProfile } from '../../config/settings.js';
import type { ContextRequest } from '../../context/open.js';
import { migrate, planMigration } from './migrate.js';

const home = useHome();
const unix = process.platform !== 'win32';
const KEY = 'key-0123456789abcdef';
const OTHER_KEY = 'other-key-0123456789wxyz';

/** Plans and applies a migration, checks that both agree and that planning changes nothing, and returns the changes in short. */
async function migrated(more: Partial<ContextRequest> = {}): Promise<string[]> {
  const before = await home.files();
  const plan = await planMigration(await home.context({}, more));
  expect(await home.files()).toEqual(before);
  const changes = await migrate(await home.context({}, more));
  expect(changes).toEqual(plan);
  expect(JSON.stringify(changes)).not.toContain('0123456789');
  for (const { note } of changes) expect(note).toMatch(/./);
  return changes.map(({ action, from, to }) => `${action} ${short(from)} ${short(to)}`.trim());
}

function short(path: string): string {
  return path.replace(home.path, '~').replaceAll('\\', '/');
}

/** Returns the changes that remain, without reports. */
async function left(): Promise<unknown[]> {
  return (await planMigration(await home.context())).filter(({ action }) => action !== 'report');
}

describe('migrating the legacy file', () => {
  it('moves it to the key file', async () => {
    home.put(home.paths.legacyFile, `${KEY}\n`, 0o644);
    expect(await migrated()).toEqual(['move ~/.vast_api_key ~/.config/vastai/vast_api_key']);
    expect(await home.files()).toEqual({ '.config/vastai/vast_api_key': KEY });
    if (unix) expect(statSync(home.paths.keyFile('default')).mode & 0o777).toBe(0o600);
    expect(await left()).toEqual([]);
    expect(await migrated()).toEqual([]);
  });

  it('does nothing if nothing needs to change', async () => {
    expect(await migrated()).toEqual([]);
    expect(await home.files()).toEqual({});
  });

  it('removes it if the same key is already saved', async () => {
    home.put(home.paths.legacyFile, `${KEY}\n`);
    home.put(home.paths.keyFile('default'), KEY);
    expect(await migrated()).toEqual(['drop ~/.vast_api_key']);
    expect(await home.files()).toEqual({ '.config/vastai/vast_api_key': KEY });
  });

  it('leaves it, and reports that, if a different key is saved', async () => {
    home.put(home.paths.legacyFile, KEY);
    home.put(home.paths.keyFile('default'), OTHER_KEY);
    const before = await home.files();
    expect(await migrated()).toEqual(['report ~/.vast_api_key']);
    expect(await home.files()).toEqual(before);
  });

  it.each([
    ['two words', 'two words'],
    ['not UTF-8', Uint8Array.of(0xff, 0xfe)],
  ])('leaves it, and says so, when it holds no key: %s', async (_, content) => {
    home.put(home.paths.legacyFile, content);
    expect(await migrated()).toEqual(['report ~/.vast_api_key']);
    expect(Object.keys(await home.files())).toEqual(['.vast_api_key']);
  });

  it('leaves it if the profile is set to another API', async () => {
    home.put(home.paths.legacyFile, KEY);
    await recordProfile(home.paths, 'default', { url: 'https://staging.example' });
    expect(await migrated()).toEqual(['report ~/.vast_api_key']);
    expect(await home.files()).toMatchObject({ '.vast_api_key': KEY });
  });

  it('leaves it for another profile', async () => {
    home.put(home.paths.legacyFile, KEY);
    expect(await migrated({ profile: 'work' })).toEqual([]);
  });

  it('does not touch it when the saved key cannot be read', async () => {
    home.put(home.paths.legacyFile, KEY);
    home.put(home.paths.keyFile('default'), 'two words');
    await expect(migrated()).rejects.toMatchObject({ code: 'storage' });
    expect(await home.files()).toMatchObject({ '.vast_api_key': KEY });
  });

  it('keeps it when its new place cannot be written', async () => {
    home.put(home.paths.legacyFile, KEY);
    home.put(home.paths.configFolder, 'of another');
    const context = await home.context();
    await expect(migrate(context)).rejects.toMatchObject({ code: 'storage' });
    expect(await home.files()).toEqual({ '.config/vastai': 'of another', '.vast_api_key': KEY });
  });

  it('happens once when it is asked for twice at the same time', async () => {
    home.put(home.paths.legacyFile, KEY);
    const both = await Promise.all([migrate(await home.context()), migrate(await home.context())]);
    expect(both.flat().map(({ action }) => action)).toEqual(['move']);
    expect(await home.files()).toEqual({ '.config/vastai/vast_api_key': KEY });
  });
});

describe.runIf(unix)('migrating modes', () => {
  /** Makes everything accessible for everybody, like careless tools. */
  function openAll(...paths: string[]): void {
    for (const path of paths) chmodSync(path, statSync(path).isDirectory() ? 0o755 : 0o644);
  }

  const modeOf = (path: string) => (statSync(path).mode & 0o777).toString(8);

  it('closes folders and files of every profile', async () => {
    const { configFolder } = home.paths;
    home.put(home.paths.keyFile('default'), KEY);
    home.put(home.paths.keyFile('work'), KEY);
    home.put(home.paths.settingsFile, '{"version":1}');
    home.put(home.paths.twoFactorFile, 'session');
    const folders = [configFolder, join(configFolder, 'profiles'), join(configFolder, 'profiles', 'work')];
    const files = [
      home.paths.settingsFile,
      home.paths.keyFile('default'),
      home.paths.twoFactorFile,
      home.paths.keyFile('work'),
    ];
    openAll(...folders, ...files);
    expect((await migrated()).filter((line) => line.startsWith('mode'))).toHaveLength(7);
    expect(folders.map(modeOf)).toEqual(['700', '700', '700']);
    expect(files.map(modeOf)).toEqual(['600', '600', '600', '600']);
    expect(await left()).toEqual([]);
  });

  it('fixes what a warning about a key file reports', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    openAll(home.paths.keyFile('default'));
    const read = async () => (await home.context()).stores.file.read('default');
    expect(await read()).toMatchObject({ problems: [{ code: 'file_mode', fix: [{ do: 'migrate' }] }] });
    await migrate(await home.context());
    expect(await read()).toMatchObject({ state: 'present', problems: [] });
  });

  it('restricts a legacy file that stays, and plans nothing for one that is removed', async () => {
    home.put(home.paths.legacyFile, KEY, 0o644);
    const modes = async () =>
      (await planMigration(await home.context())).filter(({ action }) => action === 'mode');
    expect(await modes()).toEqual([]);
    home.put(home.paths.keyFile('default'), OTHER_KEY);
    expect(await modes()).toHaveLength(1);
    await migrated();
    expect(modeOf(home.paths.legacyFile)).toBe('600');
  });

  it('does not change the mode of what a symbolic link leads to', async () => {
    home.put(home.at('target'), 'of another');
    openAll(home.at('target'));
    mkdirSync(home.paths.configFolder, { recursive: true, mode: 0o700 });
    symlinkSync(home.at('target'), home.paths.keyFile('default'));
    symlinkSync(home.at('target'), home.paths.twoFactorFile);
    await planMigration(await home.context());
    const context = await home.context();
    await migrate(context).catch(() => {});
    expect(modeOf(home.at('target'))).toBe('644');
  });

  it.each(['profiles', 'profiles/work'])('changes no mode through a link in place of %s', async (name) => {
    const key = home.paths.keyFile('work');
    home.put(key, KEY);
    openAll(key);
    const linked = join(home.paths.configFolder, name);
    renameSync(linked, home.at('elsewhere'));
    symlinkSync(home.at('elsewhere'), linked);
    expect(await migrated()).toEqual([]);
    expect(modeOf(key)).toBe('644');
  });

  it('leaves a mode that is tighter as it is', async () => {
    home.put(home.paths.keyFile('default'), KEY, 0o400);
    chmodSync(home.paths.keyFile('default'), 0o400);
    expect(await migrated()).toEqual([]);
    expect(modeOf(home.paths.keyFile('default'))).toBe('400');
  });
});

describe('migrating the settings', () => {
  it('writes the version into settings that do not say theirs, and keeps all else', async () => {
    home.put(home.paths.settingsFile, '{"current":"work","future":1,"profiles":{"work":{"note":"x"}}}');
    expect(await migrated()).toEqual(['update ~/.config/vastai/config.json version 1']);
    expect(JSON.parse(readFileSync(home.paths.settingsFile, 'utf8'))).toEqual({
      version: 1,
      current: 'work',
      future: 1,
      profiles: { work: { note: 'x' } },
    });
    expect(await left()).toEqual([]);
  });

  it('does not touch settings of a newer version', async () => {
    const context = await home.context();
    home.put(home.paths.settingsFile, '{"version":2}');
    await expect(migrate(context)).rejects.toThrow(/newer vastai/);
    expect(readFileSync(home.paths.settingsFile, 'utf8')).toBe('{"version":2}');
  });
});

describe('files of the Python CLI', () => {
  it('is reported and left alone', async () => {
    home.put(home.paths.twoFactorFile, 'session');
    expect(await migrated()).toEqual(['report ~/.config/vastai/vast_tfa_key']);
    expect(await home.files()).toEqual({ '.config/vastai/vast_tfa_key': 'session' });
    rmSync(home.paths.twoFactorFile);
    expect(await migrated()).toEqual([]);
  });
});
