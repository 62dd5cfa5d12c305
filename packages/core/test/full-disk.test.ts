import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { runNode } from '@vastai-cli/testing/run';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { mountSmallDisk, type SmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { isVastaiError } from '../src/base/errors.js';
import { acquireKey } from '../src/context/acquire-key.js';
import type { Context } from '../src/credentials/context.js';
import { useProfile } from '../src/credentials/profiles.js';
import { removeKeys } from '../src/credentials/remove.js';
import { saveKey } from '../src/credentials/save.js';
import { migrate } from '../src/operations/migrate/migrate.js';
import { type HomeFolder, homeAt } from './support/home.js';
import { keyOf } from './support/keys.js';

const OLD = 'old-key-0123456789abcdef';
/** Longer than a block, so that it could be written in part. */
const NEW = `new-key-${'fedcba9876543210'.repeat(600)}`;

const SETTINGS = '{"version":1, "profiles":{"default":{"storage":"file"},"work":{"storage":"file"}}}';

/** Returns the result of a change, or the reason of its failure. */
async function outcomeOf(change: Promise<unknown>): Promise<string> {
  return change.then(
    () => 'done',
    (error: unknown) => {
      if (!isVastaiError(error)) throw error;
      expect(`${error.code}: ${error.hint}`).toBe('storage: Free some space, then try again.');
      return /(the disk is full)\.$/.exec(error.message)?.[1] ?? error.message;
    },
  );
}

/** Removes consecutive duplicates. */
const runsOf = (outcomes: readonly string[]) => outcomes.filter((one, index) => one !== outcomes[index - 1]);

describe.runIf(smallDisksWork())('on a full disk', () => {
  let disk: SmallDisk;
  let home: HomeFolder;
  beforeEach(() => {
    disk = mountSmallDisk();
    home = homeAt(disk.path);
  });
  afterEach(() => disk.remove());

  const files = async () =>
    Object.fromEntries(Object.entries(await home.files()).filter(([name]) => !name.startsWith('filler-')));

  /** Tries a save with the space that is left, and returns its result. Expects that a failure changes nothing. */
  async function trySave(key: string, leave: () => void): Promise<string> {
    const before = await files();
    const context = await home.context();
    leave();
    const outcome = await saveKey(context, context.stores.file, keyOf(key)).then(
      () => 'saved',
      (error: unknown) => (isVastaiError(error) ? `${error.code}: ${error.message} ${error.hint}` : error),
    );
    disk.empty();
    if (outcome === 'saved') {
      expect(await files()).toMatchObject({ '.config/vastai/vast_api_key': key });
    } else {
      expect(outcome).toMatch(/^storage: Cannot (write|make) .*: the disk is full\. Free some space/);
      expect(await files()).toEqual(before);
    }
    return String(outcome).slice(0, 7);
  }

  it.each([
    ['blocks', 'leaveBlocks', ['storage', 'saved']],
    ['inodes', 'leaveInodes', ['storage', 'saved']],
  ] as const)('a save keeps the old key until there are enough %s', async (_, leave, expected) => {
    const outcomes: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      home.put(home.paths.keyFile('default'), OLD);
      outcomes.push(await trySave(NEW, () => disk[leave](count)));
      home.put(home.paths.settingsFile, '{"version":1,"profiles":{}}');
    }
    expect(outcomes.filter((outcome, index) => outcome !== outcomes[index - 1])).toEqual(expected);
  });

  it('the first save leaves no key until there is enough space', async () => {
    const outcomes: string[] = [];
    for (let count = 0; count < 6 && outcomes.at(-1) !== 'saved'; count += 1) {
      outcomes.push(await trySave('short-key-0123456789', () => disk.leaveInodes(count)));
    }
    expect(new Set(outcomes)).toEqual(new Set(['storage', 'saved']));
  });

  it('the old key is restored if there is no space for the settings', async () => {
    home.put(home.paths.keyFile('default'), OLD);
    const future = 'x'.repeat(20_000);
    home.put(home.paths.settingsFile, JSON.stringify({ version: 1, future, profiles: {} }));
    expect(await trySave('short-key-0123456789', () => disk.leaveBlocks(3))).toBe('storage');
    expect(await trySave('short-key-0123456789', () => disk.leaveBlocks(12))).toBe('saved');
  });

  it.each([
    ['blocks', 'leaveBlocks'],
    ['inodes', 'leaveInodes'],
  ] as const)('a save for another API changes nothing until there are enough %s', async (_, leave) => {
    const url = 'https://staging.example';
    const outcomes: string[] = [];
    for (let count = 0; count < 12; count += 1) {
      home.put(home.paths.keyFile('default'), OLD);
      home.put(home.paths.settingsFile, SETTINGS);
      const before = await files();
      const context = await home.context({}, { url });
      disk[leave](count);
      const outcome = await outcomeOf(saveKey(context, context.stores.file, keyOf(NEW)));
      disk.empty();
      outcomes.push(outcome);
      if (outcome === 'the disk is full') expect(await files()).toEqual(before);
    }
    expect(runsOf(outcomes)).toEqual(['the disk is full', 'done']);
  });

  const CHANGES: readonly [string, (context: Context) => Promise<unknown>][] = [
    ['profile use', (context) => useProfile(context, 'work')],
    ['unset api-key', async (context) => removeKeys(context)],
    ['config migrate', (context) => migrate(context)],
  ];

  it.each(CHANGES)(
    '"%s" leaves key and settings until there is enough space, then it works',
    async (_, change) => {
      for (const leave of ['leaveBlocks', 'leaveInodes'] as const) {
        const outcomes: string[] = [];
        for (let count = 0; count < 8; count += 1) {
          home.put(home.paths.keyFile('default'), OLD);
          // Without a version, which a migration adds.
          home.put(home.paths.settingsFile, SETTINGS.replace('"version":1, ', ''));
          const before = await files();
          const context = await home.context();
          disk[leave](count);
          const outcome = await outcomeOf(change(context));
          disk.empty();
          outcomes.push(outcome);
          if (outcome === 'the disk is full') expect(await files()).toEqual(before);
        }
        expect(runsOf(outcomes)).toEqual(['the disk is full', 'done']);
      }
    },
  );

  it('the legacy key is used from where it is, with a warning, and nothing is left of the move', async () => {
    home.put(home.paths.legacyFile, NEW);
    const context = await home.context();
    disk.leaveBlocks(2);
    const { key, notes, warnings } = await acquireKey(context);
    expect(key.reveal()).toBe(NEW);
    expect(notes).toEqual([]);
    expect(warnings).toMatchObject([
      { message: expect.stringMatching(/could not be moved.*the disk is full/) },
    ]);
    expect(await files()).toEqual({ '.vast_api_key': NEW });
  });

  it('"vastai set api-key" ends with status 9, in plain words, and the old key in place', async () => {
    home.put(home.paths.keyFile('default'), OLD);
    disk.leaveBlocks(2);
    const { status, stdout, stderr } = await runNode(
      [join(cliRoot, 'bin', 'dev.js'), 'set', 'api-key', '--no-verify', '--storage', 'file'],
      { HOME: home.path },
      NEW,
    );
    expect({ status, stdout }).toEqual({ status: 9, stdout: '' });
    expect(stderr).toMatch(/the disk is full/);
    expect(stderr).not.toMatch(/fedcba|at .*:\d+:\d+/);
    expect(await files()).toEqual({ '.config/vastai/vast_api_key': OLD });
  });

  it.runIf(secretServiceInstalled())(
    'a save to the keychain keeps the old key in it and on record, until the settings find a place',
    async () => {
      const service = await startSecretService();
      try {
        const environment = { ...service.env, VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: '30' };
        for (const url of ['https://console.vast.ai', 'https://staging.example']) {
          const outcomes: string[] = [];
          for (let count = 0; count < 6; count += 1) {
            await service.store('default', OLD);
            home.put(home.paths.settingsFile, SETTINGS.replace('"file"', '"keychain"'));
            const before = await files();
            const context = await home.context(environment, { cliRoot, url });
            disk.leaveBlocks(count);
            const outcome = await outcomeOf(saveKey(context, context.stores.keychain, keyOf(NEW)));
            disk.empty();
            outcomes.push(outcome);
            if (outcome === 'the disk is full') expect(await files()).toEqual(before);
            expect(await service.lookup('default')).toBe(outcome === 'done' ? NEW : OLD);
          }
          expect(runsOf(outcomes)).toEqual(['the disk is full', 'done']);
        }
      } finally {
        await service.stop();
      }
    },
    60_000,
  );
});
