import { chmodSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { StorageError } from '../../base/errors.js';
import { recordProfile } from '../../config/settings.js';
import { withLock } from '../../files/lock.js';
import { fileModes } from './file-modes.js';
import { legacyFile } from './legacy-file.js';
import { applySteps, migrate, migrateLegacyFile, planMigration } from './migrate.js';
import { pythonLeftovers } from './python-leftovers.js';
import { settingsVersion } from './settings-version.js';
import type { Change, Step } from './step.js';

const home = useHome();
const unix = process.platform !== 'win32';
const KEY = 'own-key-0123456789abcd';
const OTHER = 'other-key-0123456789wxyz';
const legacy = () => home.paths.legacyFile;

/** Returns what one step plans. */
const plan = async (step: Step) => step.plan(await home.context(), {}, []);

const change = (action: Change['action'], from: string, to: string, note: string) => ({
  action,
  from,
  to,
  note,
});

describe('a migration of the old key file', () => {
  const of = (action: Change['action'], to: string, note: string) => ({
    step: 'legacy-file',
    ...change(action, legacy(), to, note),
  });

  it('says that its key moves', async () => {
    home.put(legacy(), KEY);
    const note = 'The key …abcd is still in the old place, ~/.vast_api_key.';
    expect(await plan(legacyFile)).toEqual([of('move', home.paths.keyFile('default'), note)]);
  });

  it('says that its key is already saved', async () => {
    home.put(legacy(), KEY);
    home.put(home.paths.keyFile('default'), KEY);
    expect(await plan(legacyFile)).toEqual([of('drop', '', 'The same key is already saved.')]);
  });

  it('says that it contains a different key, and how to keep either', async () => {
    home.put(legacy(), KEY);
    home.put(home.paths.keyFile('default'), OTHER);
    expect(await plan(legacyFile)).toEqual([
      {
        ...of(
          'report',
          '',
          'It is not used: it contains a different key (…abcd) from the saved one (…wxyz).',
        ),
        fix: [
          { do: 'remove-file', path: legacy(), purpose: 'If you do not need …abcd' },
          { do: 'save-key', from: legacy(), purpose: 'To use …abcd instead' },
        ],
      },
    ]);
  });

  it('says that it contains no key', async () => {
    home.put(legacy(), 'two words');
    const note = `${legacy()} does not contain exactly one key: it contains a space or a line break. It was not changed.`;
    expect(await plan(legacyFile)).toEqual([of('report', '', note)]);
  });

  it('says that its key and the profile belong to different APIs', async () => {
    home.put(legacy(), KEY);
    await recordProfile(home.paths, 'default', { url: 'https://staging.example' });
    const note =
      'Its key (…abcd) is for https://console.vast.ai, but profile "default" is set to https://staging.example. Save it in its own profile, then remove the file.';
    expect(await plan(legacyFile)).toEqual([of('report', '', note)]);
  });

  it.runIf(unix)('says that it is a link, which other commands leave alone', async () => {
    home.put(home.at('target'), KEY);
    symlinkSync('target', legacy());
    const note = 'The file is a symbolic link. The key …abcd is used, and stays in its target.';
    expect(await plan(legacyFile)).toEqual([of('report', '', note)]);
    expect(await migrateLegacyFile(await home.context())).toEqual([]);
    home.put(home.at('target'), 'two words');
    expect(await migrateLegacyFile(await home.context())).toEqual([]);
  });

  it('says that another program changed it, or that it could not be migrated', async () => {
    home.put(legacy(), KEY);
    const context = await home.context();
    const [move] = await legacyFile.plan(context, {}, []);
    if (move === undefined) throw new Error('nothing was planned');
    await expect(legacyFile.verify(context, move)).rejects.toMatchObject({
      code: 'storage',
      message: `${legacy()} could not be migrated.`,
      advice: [{ do: 'diagnose', purpose: 'Try again, or look for the cause' }],
    });
    for (const content of ['', 'two words']) {
      home.put(legacy(), content);
      await expect(legacyFile.apply(context, move)).rejects.toMatchObject({
        code: 'storage',
        message: `Another program changed ${legacy()}.`,
        hint: 'Try again.',
      });
    }
  });
});

describe.runIf(unix)('a migration of file modes', () => {
  it('says which files and folders others can open, the folder first', async () => {
    const folder = home.paths.configFolder;
    home.put(home.paths.keyFile('default'), KEY);
    const opened: [string, number, string][] = [
      [folder, 0o755, '0700'],
      [home.paths.settingsFile, 0o644, '0600'],
      [home.paths.ledgerFile, 0o604, '0600'],
      [home.paths.keyFile('default'), 0o640, '0600'],
      [legacy(), 0o620, '0600'],
      [home.paths.twoFactorFile, 0o601, '0600'],
      [home.paths.profilesFolder, 0o710, '0700'],
      [home.paths.profileFolder('default'), 0o701, '0700'],
      [home.paths.sessionFile('default'), 0o666, '0600'],
    ];
    home.put(home.paths.settingsFile, '{"version":1}');
    for (const path of [home.paths.ledgerFile, legacy(), home.paths.twoFactorFile]) home.put(path, KEY);
    home.put(home.paths.sessionFile('default'), KEY);
    // In the folder of "default", a key file is not vastai's.
    home.put(`${home.paths.profileFolder('default')}/vast_api_key`, KEY, 0o644);
    for (const [path, mode] of opened) chmodSync(path, mode);
    expect(await plan(fileModes)).toEqual(
      opened.map(([from, mode, to]) => ({
        step: 'file-modes',
        ...change('mode', from, to, `Mode 0${mode.toString(8)} lets other users open it.`),
      })),
    );
  });

  it('skips files that an earlier step moves or removes, but not those it copies', async () => {
    home.put(legacy(), KEY, 0o644);
    const context = await home.context();
    const before = (action: Change['action']) => [{ step: 'x', ...change(action, legacy(), '', '') }];
    for (const action of ['move', 'drop'] as const)
      expect(await fileModes.plan(context, {}, before(action))).toEqual([]);
    expect(await fileModes.plan(context, {}, before('copy'))).toHaveLength(1);
  });

  it('says that a mode did not change, or could not be changed', async () => {
    home.put(legacy(), KEY, 0o644);
    const context = await home.context();
    const [mode] = await fileModes.plan(context, {}, []);
    if (mode === undefined) throw new Error('nothing was planned');
    await expect(fileModes.verify(context, mode)).rejects.toMatchObject({
      message: `The mode of ${legacy()} did not change.`,
      hint: 'The file system may not support modes.',
    });
    const gone = { ...mode, from: home.at('gone') };
    await fileModes.verify(context, gone);
    await expect(fileModes.apply(context, gone)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(`Cannot change ${home.at('gone')}: `),
    });
  });

  it('skips a folder that is a file', async () => {
    mkdirSync(home.paths.configFolder, { recursive: true, mode: 0o700 });
    home.put(home.paths.profilesFolder, 'a file');
    expect(await plan(fileModes)).toEqual([]);
  });
});

describe('the other steps of a migration', () => {
  it('say that the settings have no version, or were not updated', async () => {
    home.put(home.paths.settingsFile, '{}');
    const [update] = await plan(settingsVersion);
    expect(update).toEqual({
      step: 'settings-version',
      ...change('update', home.paths.settingsFile, 'version 1', 'The file has no version number.'),
    });
    if (update === undefined) return;
    await expect(settingsVersion.verify(await home.context(), update)).rejects.toMatchObject({
      message: `${home.paths.settingsFile} was not updated.`,
      hint: 'Try again.',
    });
  });

  it('say that the session of the Python CLI is never sent, even if it cannot be read', async () => {
    for (const name of [home.paths.twoFactorFile, `${home.paths.twoFactorFile}/inside`]) {
      rmSync(home.paths.twoFactorFile, { force: true });
      home.put(name, 'session');
      expect(await plan(pythonLeftovers)).toEqual([
        {
          step: 'python-leftovers',
          ...change(
            'report',
            home.paths.twoFactorFile,
            '',
            'A two-factor session of the Python CLI, which vastai never sends: log in here if the account needs one. Remove it if the Python CLI is gone.',
          ),
        },
      ]);
    }
    expect(await migrate(await home.context())).toEqual(await planMigration(await home.context()));
  });

  it('fail if another process keeps the lock', async () => {
    home.put(legacy(), KEY);
    const context = await home.context();
    await withLock(home.paths.lockFile, async () => {
      await expect(applySteps(context, [legacyFile], {}, 50)).rejects.toBeInstanceOf(StorageError);
    });
    expect((await planMigration(context)).map(({ action }) => action)).toEqual(['move']);
  });
});
