import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { runNode } from '@vastai-cli/testing/run';
import { mountSmallDisk, type SmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { acquireKey } from '../src/context/acquire-key.js';
import { chooseStore } from '../src/credentials/choose-store.js';
import { removeKeys } from '../src/credentials/remove.js';
import { saveKey } from '../src/credentials/save.js';
import { inspectSources } from '../src/credentials/status.js';
import { migrate, planMigration } from '../src/operations/migrate/migrate.js';
import { type HomeFolder, homeAt } from './support/home.js';
import { keyOf } from './support/keys.js';

const KEY = 'old-key-0123456789abcdef';
const ENV_KEY = 'env-key-0123456789abcdef';
const readOnly = { code: 'storage', message: expect.stringMatching(/read-only/) };

describe.runIf(smallDisksWork())('in a read-only home', () => {
  let disk: SmallDisk;
  let home: HomeFolder;
  beforeEach(() => {
    disk = mountSmallDisk();
    home = homeAt(disk.path);
  });
  afterEach(() => disk.remove());

  it('a key from the environment is used without a message', async () => {
    disk.makeReadOnly();
    const { key, notes, warnings } = await acquireKey(await home.context({ VAST_API_KEY: ENV_KEY }));
    expect([key.reveal(), notes, warnings]).toEqual([ENV_KEY, [], []]);
    const command = [join(cliRoot, 'bin', 'dev.js'), 'auth', 'token'];
    expect(await runNode(command, { HOME: home.path, VAST_API_KEY: ENV_KEY })).toEqual({
      status: 0,
      signal: null,
      stdout: `${ENV_KEY}\n`,
      stderr: '',
    });
  });

  it('a saved key is used without a message', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    disk.makeReadOnly();
    const { key, notes, warnings } = await acquireKey(await home.context());
    expect([key.reveal(), notes, warnings]).toEqual([KEY, [], []]);
  });

  it('a legacy key is used from where it is, with a warning', async () => {
    home.put(home.paths.legacyFile, KEY);
    disk.makeReadOnly();
    const { key, notes, warnings } = await acquireKey(await home.context());
    expect([key.reveal(), notes]).toEqual([KEY, []]);
    expect(warnings).toMatchObject([{ message: expect.stringMatching(/could not be moved.*read-only/) }]);
  });

  it('the state of the sources can be read', async () => {
    home.put(home.paths.keyFile('default'), KEY);
    home.put(home.paths.legacyFile, KEY);
    disk.makeReadOnly();
    const context = await home.context();
    expect((await inspectSources(context)).winner?.key.reveal()).toBe(KEY);
    expect((await planMigration(context)).map(({ action }) => action)).toEqual(['drop']);
  });

  it.each(['with the folder', 'without the folder'])(
    'whatever changes something says why it cannot, %s',
    async (how) => {
      home.put(home.paths.legacyFile, KEY);
      if (how === 'with the folder') {
        home.put(home.paths.keyFile('default'), KEY);
        // The temporary file of a killed writer must not hide the reason.
        home.put(join(home.paths.configFolder, '.vast_api_key.tmp-1.aa'), KEY);
      }
      disk.makeReadOnly();
      const context = await home.context();
      const before = await home.files();
      await expect(chooseStore(context, 'file')).rejects.toMatchObject(readOnly);
      await expect(saveKey(context, context.stores.file, keyOf(ENV_KEY))).rejects.toMatchObject(readOnly);
      await expect(context.stores.file.write('default', keyOf(ENV_KEY))).rejects.toMatchObject(readOnly);
      await expect(migrate(context)).rejects.toMatchObject(readOnly);
      await expect(removeKeys(context)).rejects.toMatchObject(readOnly);
      expect(await home.files()).toEqual(before);
    },
  );
});
