import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type Call,
  straceCanAttach,
  type Traced,
  type TraceOptions,
  traceFromInput,
  traceFromStart,
} from '@vastai-cli/testing/strace';
import { describe, expect, it } from 'vitest';
import type { VastaiError } from '../src/base/errors.js';
import type { ProfileRecord } from '../src/config/settings.js';
import { findKey } from '../src/credentials/chain.js';
import { saveKey } from '../src/credentials/save.js';
import { thisProcess } from '../src/files/lock-holder.js';
import { migrate } from '../src/operations/migrate/migrate.js';
import { type HomeFolder, useHome } from './support/home.js';
import { keyOf } from './support/keys.js';

const OLDER = 'older-key-0123456789abcdef';
const OLD = 'old-key-0123456789abcdef';
const NEW = 'new-key-fedcba9876543210';
const LATER = 'later-key-0011223344556677';
const VAST_URL = 'https://console.vast.ai';
const OTHER_URL = 'https://staging.example';
const THIRD_URL = 'https://third.example';
const home = useHome();

/** System calls that replace the key and the settings. */
const RENAMES = ['rename', 'renameat', 'renameat2'];
/** System calls that change folders. Between two of them, no other call changes what a later run finds. */
const CHANGES = ['mkdir', 'mkdirat', 'link', 'linkat', ...RENAMES, 'unlink', 'unlinkat', 'fsync'];
/** System calls that change files. `openat` is traced for all files, but only matters if it creates one. */
const CONTENTS = ['openat', 'write', 'ftruncate', 'fchmod', 'chmod', 'fchmodat'];

interface Scenario {
  /** Prepares the home. */
  prepare(home: HomeFolder): void;
  trace(options: TraceOptions): Promise<Traced>;
  readonly command: readonly string[];
  readonly names: readonly string[];
  readonly env?: Readonly<Record<string, string>>;
  /** Selects the calls to kill at. */
  matters(call: Call): boolean;
}

const program = (name: string) => [fileURLToPath(new URL(`programs/${name}`, import.meta.url))];
const changes = ({ name, text }: Call) => name !== 'openat' || text.includes('O_WRONLY');
const touchesHome = ({ name, text }: Call) => name === 'fsync' || text.includes('~');

function environmentIn(folder: HomeFolder): Record<string, string> {
  return {
    HOME: folder.path,
    PATH: process.env.PATH ?? '',
    VASTAI_STORAGE: 'file',
    // Written after everything else, so it may be lost.
    NODE_DISABLE_COMPILE_CACHE: '1',
  };
}

/** Runs a scenario once to learn its calls, then once for each call, in its own home, and kills it there. */
async function killAtEach(scenario: Scenario): Promise<HomeFolder[]> {
  const run = async (folder: HomeFolder, killAt?: Call) => {
    scenario.prepare(folder);
    const env = { ...environmentIn(folder), ...scenario.env };
    const ran = await scenario.trace({ ...scenario, env, input: NEW, ...(killAt && { killAt }) });
    expect(ran.output).not.toContain(NEW);
    return ran;
  };
  const whole = await run(home.folder('whole'));
  expect([whole.status, whole.signal]).toEqual([0, null]);
  const calls = whole.calls.filter(scenario.matters);
  const homes = calls.map((_, index) => home.folder(String(index)));
  const killedAt = new Array<string | undefined>(calls.length);
  const todo = [...calls.entries()];
  const worker = async () => {
    for (let next = todo.shift(); next !== undefined; next = todo.shift()) {
      const [index, call] = next;
      const killed = await run(home.folder(String(index)), call);
      expect(killed.signal).toBe('SIGKILL');
      killedAt[index] = killed.calls.at(-1)?.text;
    }
  };
  await Promise.all([worker(), worker()]);
  expect(killedAt).toEqual(calls.map(({ text }) => text));
  return homes;
}

/** Returns the key that a run would send from a home, to an API or that of the profile, or the code of the error. */
async function keyIn(folder: HomeFolder, url?: string): Promise<string> {
  const context = await folder.context({}, { url });
  return findKey(context.sources, context.url).then(
    ({ key }) => key.reveal(),
    (error: VastaiError) => error.code,
  );
}

/** Expects that the next save after a kill works at once, and leaves only the new key. */
async function expectNextSaveToWork(folder: HomeFolder, url?: string): Promise<void> {
  const context = await folder.context({}, { url });
  await saveKey(context, context.stores.file, keyOf(LATER));
  expect(await keyIn(folder)).toBe(LATER);
  const files = await folder.files();
  expect(Object.keys(files)).toEqual(['.config/vastai/config.json', '.config/vastai/vast_api_key']);
  expect(statSync(folder.paths.keyFile('default')).mode & 0o777).toBe(0o600);
}

function putOldKeys(folder: HomeFolder): void {
  folder.put(folder.paths.keyFile('default'), OLD);
  folder.put(folder.paths.legacyFile, OLDER);
}

const holder = await thisProcess();

/** A lock of a killed holder, whose id now belongs to another process. */
function putDeadLock(folder: HomeFolder): void {
  folder.put(folder.paths.lockFile, JSON.stringify({ ...holder, since: 'before' }));
}

/** Returns the distinct keys that are left in the homes. Expects that the next save works in each. */
async function keysLeft(homes: readonly HomeFolder[]): Promise<string[]> {
  const keys: string[] = [];
  for (const folder of homes) {
    keys.push(await keyIn(folder));
    await expectNextSaveToWork(folder);
  }
  return keys.filter((key, index) => key !== keys[index - 1]);
}

describe.runIf(straceCanAttach())('kill -9 at any system call', () => {
  it('of a save leaves a whole key, old or new, and no lock', async () => {
    const homes = await killAtEach({
      prepare: putOldKeys,
      trace: traceFromInput,
      command: program('save-key.mjs'),
      names: [...CHANGES, ...CONTENTS],
      matters: changes,
    });
    expect(await keysLeft(homes)).toEqual([OLD, NEW]);
  });

  it('of the first save leaves no key, or the whole new one', async () => {
    const homes = await killAtEach({
      prepare: putDeadLock,
      trace: traceFromInput,
      command: program('save-key.mjs'),
      names: [...CHANGES, ...CONTENTS],
      matters: changes,
    });
    expect(await keysLeft(homes)).toEqual(['no_key', NEW]);
  });

  it('of the move of the legacy file leaves its key, and the move can be finished', async () => {
    const homes = await killAtEach({
      prepare: (folder) => folder.put(folder.paths.legacyFile, OLD),
      trace: traceFromInput,
      command: program('key-for-run.mjs'),
      names: [...CHANGES, ...CONTENTS],
      matters: changes,
    });
    for (const folder of homes) {
      expect(await keyIn(folder)).toBe(OLD);
      await migrate(await folder.context());
      expect(await folder.files()).toEqual({ '.config/vastai/vast_api_key': OLD });
    }
  });

  const MOVES = [
    { from: VAST_URL, to: OTHER_URL },
    { from: OTHER_URL, to: VAST_URL },
    { from: OTHER_URL, to: THIRD_URL },
  ];

  /** Returns the keys that a run would send to each API, after a save that was killed at each change of a file. */
  async function keysSentAfterSave(from: string, to: string, record: ProfileRecord, oldKey?: string) {
    const homes = await killAtEach({
      prepare(folder) {
        const settings = { version: 1, profiles: { default: record } };
        folder.put(folder.paths.settingsFile, JSON.stringify(settings));
        if (oldKey !== undefined) folder.put(folder.paths.keyFile('default'), oldKey);
      },
      trace: traceFromInput,
      command: program('save-key.mjs'),
      names: RENAMES,
      env: { VAST_URL: to },
      matters: changes,
    });
    const sent = homes.map(async (folder) => ({
      from: await keyIn(folder, from),
      to: await keyIn(folder, to),
    }));
    return { homes, sent: await Promise.all(sent) };
  }

  it.each(MOVES)(
    'of a save for $to in place of $from sends no key to the other API',
    async ({ from, to }) => {
      const { homes, sent } = await keysSentAfterSave(from, to, { storage: 'file', url: from }, OLD);
      const between = { from: 'no_key', to: 'storage' };
      expect(sent).toEqual([{ from: OLD, to: 'no_key' }, between, between]);
      for (const folder of homes) await expectNextSaveToWork(folder, to);
    },
  );

  it.each(MOVES)(
    'of the first save for $to in a profile of $from sends no key there',
    async ({ from, to }) => {
      const { homes, sent } = await keysSentAfterSave(from, to, { url: from });
      const none = { from: 'no_key', to: 'no_key' };
      expect(sent).toEqual([none, none]);
      for (const folder of homes) await expectNextSaveToWork(folder, to);
    },
  );

  it.each(MOVES)(
    'of "vastai unset api-key" sends a key that is one of $from or of $to to neither',
    async ({ from, to }) => {
      const homes = await killAtEach({
        prepare(folder) {
          const record = { storage: 'file', url: to, pending: true };
          folder.put(
            folder.paths.settingsFile,
            JSON.stringify({ version: 1, profiles: { default: record } }),
          );
          folder.put(folder.paths.keyFile('default'), OLD);
        },
        trace: traceFromStart,
        command: [join(cliRoot, 'bin', 'dev.js'), 'unset', 'api-key', '--yes'],
        names: CHANGES,
        matters: touchesHome,
      });
      const sent = homes.map(async (folder) => [await keyIn(folder, from), await keyIn(folder, to)].join());
      const steps = (await Promise.all(sent)).filter((one, index, all) => one !== all[index - 1]);
      expect(steps).toEqual(['no_key,storage', 'no_key,no_key']);
      for (const folder of homes) await expectNextSaveToWork(folder, to);
    },
  );

  it('of "vastai set api-key" leaves a whole key, old or new', async () => {
    const homes = await killAtEach({
      prepare: putOldKeys,
      trace: traceFromStart,
      command: [join(cliRoot, 'bin', 'dev.js'), 'set', 'api-key', '--no-verify', '--storage', 'file'],
      names: CHANGES,
      matters: touchesHome,
    });
    expect(await keysLeft(homes)).toEqual([OLD, NEW]);
  });
});

describe.runIf(straceCanAttach())('a save that is cut off with the power', () => {
  it('flushes the key to disk before it replaces the old one, and the folder after', async () => {
    putOldKeys(home);
    const env = environmentIn(home);
    const names = [...CHANGES, ...CONTENTS];
    const { calls } = await traceFromInput({ command: program('save-key.mjs'), env, input: NEW, names });
    const made = calls.filter(changes).map(({ text }) => text);
    const begin = made.findIndex((text) => /^openat .*vast_api_key\.tmp/.test(text));
    expect(made.slice(begin + 1, begin + 5)).toEqual([
      'write',
      'fsync',
      expect.stringMatching(/^rename/),
      'fsync',
    ]);
  });
});
