import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { TransportError, VastaiError } from '../../base/errors.js';
import { DEFAULT_URL } from '../../base/origin.js';
import { dayOf } from '../../base/server-time.js';
import { readSettings, recordOf, recordProfile } from '../../config/settings.js';
import { saveKey } from '../../credentials/save.js';
import { keepUnsaved } from '../../credentials/unsaved-key.js';
import { fingerprintOf, matchesFingerprint } from '../../secrets/fingerprint.js';
import { type ExpiryEntry, entriesOf, type ResetEntry } from '../ledger/entries.js';
import { changeLedger, readLedger } from '../ledger/ledger.js';
import { beginReset, openResetOf } from './journal.js';
import { adviceAfterReset } from './lost-key.js';
import { openResets } from './open-resets.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-0123456789efgh');
const STARTED = 1_790_000_000;

const entry = (more: Partial<ResetEntry> = {}): ResetEntry => ({
  kind: 'reset',
  entry: `reset-${more.profile ?? 'none'}`,
  origin: DEFAULT_URL,
  profile: 'default',
  old: fingerprintOf(OLD),
  started: STARTED,
  ...more,
});

const note = async (...entries: (ResetEntry | ExpiryEntry)[]) =>
  changeLedger(await home.context(), () => entries);
const resets = async () => entriesOf(await readLedger(home.paths), 'reset');

describe('the journal of a reset', () => {
  it('says which key is reset, until the new one is saved', async () => {
    const journal = await beginReset(await home.context(), OLD, true);
    const [begun] = await resets();
    expect(begun).toEqual({
      kind: 'reset',
      entry: begun?.entry,
      origin: DEFAULT_URL,
      profile: 'default',
      old: expect.any(String),
      started: begun?.started,
    });
    expect(matchesFingerprint(begun?.old, OLD)).toBe(true);
    expect(await openResetOf(await home.context(), OLD)).toBe(begun?.started);
    expect(await openResetOf(await home.context(), NEW)).toBeUndefined();
    expect(await journal.during(async () => 'the answer')).toBe('the answer');
    expect(await resets()).toHaveLength(1);
    await journal.close(NEW);
    expect(await readLedger(home.paths)).toEqual([]);
  });

  it('reuses the fingerprint in the record of a saved key', async () => {
    const context = await home.context();
    await saveKey(context, context.stores.file, OLD);
    await beginReset(await home.context(), OLD, true);
    expect((await resets())[0]?.old).toBe(recordOf(await readSettings(home.paths), 'default')?.key_hash);
  });

  it('names no profile for a key that is not saved', async () => {
    await beginReset(await home.context(), OLD, false);
    expect((await resets())[0]?.profile).toBeNull();
  });

  it('has one entry for each profile and API, and the time of the first reset of the same key', async () => {
    const elsewhere = entry({ entry: 'elsewhere', origin: 'https://staging.example' });
    const work = entry({ profile: 'work' });
    await note(entry({ old: fingerprintOf(NEW) }), elsewhere, work);
    await beginReset(await home.context(), OLD, true);
    const begun = await resets();
    expect(begun.slice(0, 2)).toEqual([elsewhere, work]);
    expect(begun).toHaveLength(3);
    expect(begun[2]?.started).toBeGreaterThan(STARTED);
    await note(entry());
    await beginReset(await home.context(), OLD, true);
    expect(await resets()).toMatchObject([{ started: STARTED }]);
  });

  it('is closed if the API has certainly not acted, unless an earlier reset may have worked', async () => {
    const failing = async (error: Error) => {
      const journal = await beginReset(await home.context(), OLD, true);
      await expect(
        journal.during(async () => {
          throw error;
        }),
      ).rejects.toBe(error);
      return (await resets()).length;
    };
    const refused = new VastaiError('forbidden', 'No.');
    expect(await failing(refused)).toBe(0);
    expect(await failing(new TypeError('a bug'))).toBe(1);
    expect(await failing(refused)).toBe(1);
    await note();
    expect(await failing(new TransportError('Lost.', false))).toBe(0);
    expect(await failing(new TransportError('Lost.', true))).toBe(1);
    expect(await failing(refused)).toBe(1);
  });

  it('must be written for a saved key, and is optional for any other', async () => {
    home.put(home.paths.ledgerFile, '{');
    await expect(beginReset(await home.context(), OLD, true)).rejects.toMatchObject({ code: 'storage' });
    const journal = await beginReset(await home.context(), OLD, false);
    await journal.close(NEW);
    expect(await openResetOf(await home.context(), OLD)).toBeUndefined();
    const broken = await home.context();
    const bug = { ...broken, paths: { ...broken.paths, ledgerFile: 7 as unknown as string } };
    await expect(beginReset(bug, OLD, false)).rejects.toThrow(TypeError);
    await expect(openResetOf(bug, OLD)).rejects.toThrow(TypeError);
  });

  it('makes the new key responsible for what the old one made', async () => {
    const made: ExpiryEntry = {
      kind: 'expiry',
      entry: 'expiry',
      origin: DEFAULT_URL,
      id: 7,
      name: 'ci',
      expires: 1_800_000_000,
      maker: fingerprintOf(OLD),
      started: STARTED,
    };
    await note(made);
    const journal = await beginReset(await home.context(), OLD, true);
    await journal.close(NEW);
    const [left] = entriesOf(await readLedger(home.paths), 'expiry');
    expect({ ...left, maker: '' }).toEqual({ ...made, maker: '' });
    expect(matchesFingerprint(left?.maker, NEW)).toBe(true);
  });
});

describe('an interrupted reset', () => {
  const begun = `A reset of the key was started on ${dayOf(STARTED)}`;
  const problem = (message: string, fix: object[]) => [{ code: 'reset_open', message, fix }];
  const unknown = (ofProfile = '') =>
    `A reset of the key${ofProfile} was started on ${dayOf(STARTED)}, and its outcome is unknown. If the API rejects the saved key, the new one is lost.`;
  const start = (profile: string) => [
    { do: 'make-key' },
    { do: 'save-key', profile, purpose: 'Then save it' },
  ];

  it('comes with advice to save the new key if it is in a file', async () => {
    home.put(home.paths.keyFile('default'), OLD.reveal());
    await note(entry());
    await keepUnsaved(home.paths, 'work', NEW);
    const { path } = await keepUnsaved(home.paths, 'default', NEW);
    const step = { do: 'save-key', profile: 'default', from: path, consume: true };
    expect(await adviceAfterReset(await home.context(), OLD)).toEqual([
      { ...step, purpose: 'A reset was interrupted before the new key was saved. Save it' },
    ]);
    expect(await openResets(home.paths)).toEqual(
      problem(`${begun}, and the new key is not saved.`, [{ ...step, purpose: 'Save the new key' }]),
    );
  });

  it('may mean that the new key is lost', async () => {
    home.put(home.paths.keyFile('default'), OLD.reveal());
    await note(entry());
    expect(await adviceAfterReset(await home.context(), OLD)).toEqual([
      {
        do: 'say',
        text: `${begun.replace('the key', 'this key')}, and the new key did not arrive. If nobody else revoked the key, the new one is lost.`,
      },
      { do: 'make-key' },
      { do: 'save-key', purpose: 'Then save it' },
    ]);
    expect(await openResets(home.paths)).toEqual(problem(unknown(), start('default')));
  });

  it('is not mentioned for a key that was not reset', async () => {
    await note(entry());
    expect(await adviceAfterReset(await home.context(), NEW)).toEqual([]);
    home.put(home.paths.ledgerFile, '{');
    expect(await adviceAfterReset(await home.context(), OLD)).toEqual([]);
    await expect(openResets(home.paths)).rejects.toMatchObject({ code: 'storage' });
  });

  it('is not mentioned if the profile now has another key, or none', async () => {
    await note(entry());
    expect(await openResets(home.paths)).toEqual([]);
    home.put(home.paths.keyFile('default'), NEW.reveal());
    expect(await openResets(home.paths)).toEqual([]);
    home.put(home.paths.keyFile('default'), 'two words');
    expect(await openResets(home.paths)).toHaveLength(1);
  });

  it('recognizes a key in the keychain by its record', async () => {
    const reset = entry({ profile: 'work' });
    await note(reset);
    const work = unknown(' of profile "work"');
    for (const [key_hash, expected] of [
      [reset.old, problem(work, start('work'))],
      [fingerprintOf(OLD), []],
      [undefined, problem(work, start('work'))],
    ] as const) {
      const hash = key_hash === undefined ? {} : { key_hash };
      await recordProfile(home.paths, 'work', { storage: 'keychain', ...hash });
      expect(await openResets(home.paths)).toEqual(expected);
    }
  });

  it('is over if the key of the run shows it', async () => {
    await note(entry(), entry({ profile: null }));
    const of = async (key: typeof OLD, isAnswered: boolean, profile = 'default') =>
      (await openResets(home.paths, { profile, key, isAnswered })).length;
    expect(await of(OLD, false)).toBe(1);
    expect(await of(OLD, true)).toBe(0);
    expect(await of(NEW, false)).toBe(0);
    home.put(home.paths.keyFile('default'), OLD.reveal());
    expect(await of(OLD, true, 'work')).toBe(1);
  });
});
