import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { type Call, straceWorks, traceFromStart } from '@vastai-cli/testing/strace';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { isVastaiError } from '../src/base/errors.js';
import { findKey } from '../src/credentials/chain.js';
import { chooseStore, type StorageChoice } from '../src/credentials/choose-store.js';
import type { Context } from '../src/credentials/context.js';
import { removeKeys } from '../src/credentials/remove.js';
import { saveKey } from '../src/credentials/save.js';
import { migrate } from '../src/operations/migrate/migrate.js';
import { undoMigration } from '../src/operations/migrate/undo.js';
import { type HomeFolder, homeAt } from './support/home.js';
import { keyOf } from './support/keys.js';

/** The changes that a person makes to the keys of the default profile. */
type Change =
  | { readonly do: 'set'; readonly storage: StorageChoice }
  | { readonly do: 'migrate'; readonly to: 'keychain' | 'file' }
  | { readonly do: 'unset' }
  | { readonly do: 'undo' };
/** The events: a change that is made or killed, or a keychain that is locked or unlocked. */
type Event =
  | Change
  | { readonly do: 'kill'; readonly change: Change; readonly at: Call }
  | { readonly do: 'lock' }
  | { readonly do: 'unlock' };

const aChange = fc.constantFrom<Change[]>(
  { do: 'set', storage: 'auto' },
  { do: 'set', storage: 'file' },
  { do: 'set', storage: 'keychain' },
  { do: 'migrate', to: 'keychain' },
  { do: 'migrate', to: 'file' },
  { do: 'unset' },
  { do: 'undo' },
);
const aKill = fc.record({
  do: fc.constant('kill' as const),
  change: aChange,
  at: fc.record({
    name: fc.constantFrom('rename', 'unlink', 'connect'),
    nth: fc.integer({ min: 1, max: 4 }),
    text: fc.constant(''),
  }),
});
const aLock = fc.constantFrom<Event[]>({ do: 'lock' }, { do: 'lock' }, { do: 'unlock' });
const anEvent = fc.oneof<fc.WeightedArbitrary<Event>[]>(
  { weight: 5, arbitrary: aChange },
  { weight: 3, arbitrary: aKill },
  { weight: 2, arbitrary: aLock },
);

const killed = (change: Change, name: string, nth: number): Event => ({
  do: 'kill',
  change,
  at: { name, nth, text: '' },
});

/** Sequences that once failed, or would fail if the steps had another order. */
const KNOWN: Event[][] = [
  [{ do: 'set', storage: 'keychain' }, { do: 'lock' }, { do: 'set', storage: 'file' }],
  [{ do: 'set', storage: 'file' }, killed({ do: 'set', storage: 'keychain' }, 'rename', 1)],
  [{ do: 'set', storage: 'keychain' }, killed({ do: 'set', storage: 'file' }, 'rename', 2)],
  [
    { do: 'set', storage: 'keychain' },
    killed({ do: 'migrate', to: 'file' }, 'rename', 3),
    killed({ do: 'unset' }, 'unlink', 2),
  ],
];

/** The possible results of looking for the key: a key, or `none`. */
type Findings = ReadonlySet<string>;

/** The expectations: the keys that may be found, and when none can be read. */
class Model {
  allowed: Findings = new Set(['none']);
  isLocked = false;
  /** True if a killed unset may have removed the key from the keychain, but not its record. */
  wasCutShort = false;
  #keys = 0;

  nextKey(): string {
    this.#keys += 1;
    return `key-number-${this.#keys}-0123456789abcdef`;
  }

  mayFail(change: Change): boolean {
    return this.isLocked || (this.wasCutShort && (change.do === 'migrate' || change.do === 'undo'));
  }

  /** Updates the expectations after a change that worked, failed or was killed. */
  changed(change: Change, key: string, outcome: 'done' | 'failed' | 'killed'): void {
    const wanted = change.do === 'set' ? key : change.do === 'unset' ? 'none' : undefined;
    if (wanted === undefined || outcome === 'failed') return;
    this.allowed = new Set(outcome === 'done' ? [wanted] : [...this.allowed, wanted]);
    if (outcome === 'done') this.wasCutShort = false;
    else if (change.do === 'unset') this.wasCutShort = true;
  }

  /** Updates the expectations after a look: from then on, no other key may be found. */
  found(finding: string): void {
    if (finding === 'unreadable') {
      const isLockedAway = this.isLocked && [...this.allowed].some((one) => one !== 'none');
      expect(isLockedAway || this.wasCutShort).toBe(true);
      return;
    }
    expect([...this.allowed]).toContain(finding);
    this.allowed = new Set([finding]);
  }
}

describe.runIf(secretServiceInstalled() && straceWorks())('any sequence of changes', () => {
  let service: SecretService;
  beforeAll(async () => {
    service = await startSecretService();
  });
  afterAll(() => service.stop());

  const environment = () => ({ ...service.env, VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: '30' });
  const sessionIn = (home: HomeFolder) => home.context(environment(), { cliRoot });

  async function apply(context: Context, change: Change, key: string): Promise<void> {
    if (change.do === 'set')
      await saveKey(context, (await chooseStore(context, change.storage)).store, keyOf(key));
    if (change.do === 'unset') await removeKeys(context);
    if (change.do === 'migrate') await migrate(context, { to: change.to });
    if (change.do === 'undo') await undoMigration(context, false);
  }

  async function outcomeOf(home: HomeFolder, change: Change, key: string): Promise<'done' | 'failed'> {
    try {
      await apply(await sessionIn(home), change, key);
      return 'done';
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      expect(error.code).toBe('storage');
      return 'failed';
    }
  }

  /** Makes a change in a program that is killed at a call, if it gets that far. */
  async function outcomeOfKill(home: HomeFolder, change: Change, key: string, killAt: Call) {
    const command = [join(cliRoot, 'bin', 'dev.js'), ...wordsFor(change)];
    const env = { HOME: home.path, PATH: process.env.PATH ?? '', ...environment() };
    const { signal, status } = await traceFromStart({
      command,
      env,
      input: key,
      names: [killAt.name],
      killAt,
    });
    if (signal === 'SIGKILL') return 'killed';
    expect([0, 3, 9]).toContain(status);
    return status === 0 ? 'done' : 'failed';
  }

  async function findingIn(home: HomeFolder): Promise<string> {
    const { sources, url } = await sessionIn(home);
    return findKey(sources, url).then(
      ({ key }) => key.reveal(),
      (error) => {
        if (!isVastaiError(error)) throw error;
        return error.code === 'no_key' ? 'none' : 'unreadable';
      },
    );
  }

  async function play(home: HomeFolder, model: Model, event: Event): Promise<void> {
    if (event.do === 'lock' || event.do === 'unlock') {
      if (model.isLocked !== (event.do === 'lock')) await service[event.do]();
      model.isLocked = event.do === 'lock';
    } else {
      const change = event.do === 'kill' ? event.change : event;
      const key = model.nextKey();
      const outcome =
        event.do === 'kill'
          ? await outcomeOfKill(home, change, key, event.at)
          : await outcomeOf(home, change, key);
      if (outcome === 'failed' && event.do !== 'kill') expect(model.mayFail(change)).toBe(true);
      model.changed(change, key, outcome);
    }
    model.found(await findingIn(home));
  }

  /** Returns the keys that are left after everything is unlocked and unset. */
  async function leftIn(home: HomeFolder): Promise<string[]> {
    const files = Object.values(await home.files()).filter((text) => text.includes('key-number-'));
    return [...files, (await service.lookup('default')) ?? ''].filter((text) => text !== '');
  }

  it('loses no key, finds no wrong one, and leaves none behind', async () => {
    const run = fc.asyncProperty(
      fc.array(anEvent, { minLength: 3, maxLength: 8, size: 'max' }),
      async (events) => {
        const path = mkdtempSync(join(tmpdir(), 'vastai-core-'));
        const home = homeAt(path);
        const model = new Model();
        try {
          for (const event of events) await play(home, model, event);
          await play(home, model, { do: 'unlock' });
          await play(home, model, { do: 'unset' });
          // The next write removes the temporary file of a killed one.
          await play(home, model, { do: 'set', storage: 'file' });
          await play(home, model, { do: 'unset' });
          expect(await leftIn(home)).toEqual([]);
        } finally {
          if (model.isLocked) await service.unlock();
          await service.clear('default');
          rmSync(path, { recursive: true });
        }
      },
    );
    await fc.assert(run, { numRuns: 16, examples: KNOWN.map((events) => [events]) });
  }, 300_000);
});

function wordsFor(change: Change): string[] {
  switch (change.do) {
    case 'set':
      return ['set', 'api-key', '-', '--no-verify', '--storage', change.storage];
    case 'unset':
      return ['unset', 'api-key', '--yes'];
    case 'migrate':
      return ['config', 'migrate', '--to', change.to];
    case 'undo':
      return ['config', 'migrate', '--undo'];
  }
}
