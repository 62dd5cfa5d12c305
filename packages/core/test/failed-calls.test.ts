import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import {
  type Call,
  straceCanAttach,
  type Traced,
  type TraceOptions,
  traceFromInput,
} from '@vastai-cli/testing/strace';
import { describe, expect, it } from 'vitest';
import type { VastaiError } from '../src/base/errors.js';
import type { ProfileRecord } from '../src/config/settings.js';
import { findKey } from '../src/credentials/chain.js';
import { type HomeFolder, useHome } from './support/home.js';

const OLD = 'old-key-0123456789abcdef';
const NEW = 'new-key-fedcba9876543210';
const VAST_URL = 'https://console.vast.ai';
const OTHER_URL = 'https://staging.example';
const home = useHome();

const RENAMES = ['rename', 'renameat', 'renameat2'];
const LINKS = ['link', 'linkat'];
/** System calls that need space, or can fail without it. A link needs it too, but a copy is tried if it fails. */
const NEEDS_SPACE = ['openat', 'write', 'fsync', 'mkdir', 'mkdirat'];

interface Scenario {
  readonly what: string;
  /** The record before the save. */
  readonly record: ProfileRecord;
  /** API of the new key. The old one is for `VAST_URL`. */
  readonly to: string;
  readonly oldKey: string | undefined;
}

const ON_RECORD: ProfileRecord = { storage: 'file', url: VAST_URL };
const SCENARIOS: readonly Scenario[] = [
  { what: 'for the same API', record: ON_RECORD, to: VAST_URL, oldKey: OLD },
  { what: 'that is put on record', record: {}, to: VAST_URL, oldKey: OLD },
  { what: 'for another API', record: ON_RECORD, to: OTHER_URL, oldKey: OLD },
  { what: 'that is the first', record: {}, to: VAST_URL, oldKey: undefined },
  { what: 'that is the first, for another API', record: ON_RECORD, to: OTHER_URL, oldKey: undefined },
];

function prepare(folder: HomeFolder, { record, oldKey }: Scenario): void {
  // Formatted differently, so that only the file itself can have been restored.
  const settings = `{"version":1, "future":[1],\n"profiles":{"default":${JSON.stringify(record)}}}`;
  folder.put(folder.paths.settingsFile, settings);
  if (oldKey !== undefined) folder.put(folder.paths.keyFile('default'), oldKey);
}

async function save(
  folder: HomeFolder,
  scenario: Scenario,
  names: readonly string[],
  failAt?: TraceOptions['failAt'],
): Promise<Traced> {
  prepare(folder, scenario);
  const traced = await traceFromInput({
    command: [fileURLToPath(new URL('programs/save-key.mjs', import.meta.url))],
    env: {
      HOME: folder.path,
      PATH: process.env.PATH ?? '',
      VASTAI_STORAGE: 'file',
      VAST_URL: scenario.to,
      NODE_DISABLE_COMPILE_CACHE: '1',
    },
    input: NEW,
    names,
    ...(failAt && { failAt }),
  });
  expect(traced.output).not.toContain(OLD);
  expect(traced.output).not.toContain(NEW);
  return traced;
}

/** Returns the calls of a run that concern the key or the settings. The lock has its own tests. */
async function callsOf(scenario: Scenario, names: readonly string[]): Promise<Call[]> {
  const { status, calls } = await save(home.folder('whole'), scenario, names);
  expect(status).toBe(0);
  return calls.filter(({ name, text }) => {
    if (text.includes('.lock')) return false;
    if (name === 'openat') return text.includes('O_WRONLY');
    return name === 'write' || name === 'fsync' || text.includes('~');
  });
}

/** Returns the key that a run would send to an API, or the code of the error. */
async function keyFor(folder: HomeFolder, url: string): Promise<string> {
  const context = await folder.context({}, { url });
  return findKey(context.sources, context.url).then(
    ({ key }) => key.reveal(),
    (error: VastaiError) => error.code,
  );
}

async function expectUnchanged(folder: HomeFolder, scenario: Scenario): Promise<void> {
  const expected = home.folder('expected');
  prepare(expected, scenario);
  expect(await folder.files()).toEqual(await expected.files());
}

describe.runIf(straceCanAttach())('a call fails in a save', () => {
  it.each(SCENARIOS)(
    '$what: for lack of space, and leaves everything as it was',
    async (scenario) => {
      const calls = await callsOf(scenario, NEEDS_SPACE);
      expect(calls.length).toBeGreaterThan(4);
      for (const [index, { name, nth, text }] of calls.entries()) {
        const folder = home.folder(`${index}`);
        // If all calls fail, Node cannot even read or wake its threads. Full disks have their own tests.
        const failAt = { name, nth, error: 'EDQUOT', andAfter: false };
        const { status, output } = await save(folder, scenario, NEEDS_SPACE, failAt);
        // A folder is flushed after the rename, when a failure no longer matters.
        if (name === 'fsync' && status === 0) continue;
        expect([text, status]).toEqual([text, 1]);
        expect(output).toMatch(/Cannot (write|make) .*: the disk quota is used up\./);
        expect(output.split('[cause]')[0]).not.toMatch(/Make .* writable|Unknown system error/);
        await expectUnchanged(folder, scenario);
      }
    },
    120_000,
  );

  it.each(SCENARIOS)(
    '$what: at a rename, and leaves everything as it was',
    async (scenario) => {
      for (const [index, { name, nth }] of (await callsOf(scenario, RENAMES)).entries()) {
        const folder = home.folder(`${index}`);
        const failAt = { name, nth, error: 'EIO', andAfter: false };
        const { status, output } = await save(folder, scenario, RENAMES, failAt);
        expect(status).toBe(1);
        expect(output).toMatch(/Cannot write .*: the disk reports an error\./);
        expect(output).not.toMatch(/may be in/);
        await expectUnchanged(folder, scenario);
      }
    },
    120_000,
  );

  it.each(SCENARIOS)(
    '$what: at a rename, as all after it, and says which key may be there',
    async (scenario) => {
      const { to, oldKey = 'no_key' } = scenario;
      const renames = await callsOf(scenario, RENAMES);
      let doubts = 0;
      for (const [index, { name, nth }] of renames.entries()) {
        const folder = home.folder(`${index}`);
        const failAt = { name, nth, error: 'EIO', andAfter: true };
        const { status, output } = await save(folder, scenario, RENAMES, failAt);
        expect(status).toBe(1);
        const sent = await keyFor(folder, VAST_URL);
        const files = Object.values(await folder.files());
        if (!/may be in|is not sent|is now set to/.test(output)) {
          await expectUnchanged(folder, scenario);
          continue;
        }
        doubts += 1;
        expect(output).toContain("do: 'save-key'");
        // No key is sent to the wrong API, and the old one is always in a file.
        expect(to === VAST_URL ? [NEW, oldKey] : ['no_key']).toContain(sent);
        if (to !== VAST_URL) expect(await keyFor(folder, to)).not.toBe(OLD);
        if (scenario.oldKey !== undefined) expect(files).toContain(oldKey);
        if (output.includes('may be in')) expect(output).toMatch(/The new key \(…3210\) may be in/);
      }
      // The first rename is that of the key. Nothing has changed before it. The second notes which key it is.
      expect(doubts).toBe(to !== VAST_URL || oldKey === OLD ? renames.length - 1 : 0);
    },
    120_000,
  );

  it.each(['EPERM', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK'])(
    'does without hard links: they fail with %s, and the save works',
    async (error) => {
      const scenario = SCENARIOS.find(({ to, oldKey }) => to === OTHER_URL && oldKey === OLD);
      if (scenario === undefined) throw new Error('no scenario');
      const [first] = (await callsOf(scenario, LINKS)).filter(({ text }) => text.includes('.old-'));
      if (first === undefined) throw new Error('no link');
      const failAt = { name: first.name, nth: first.nth, error, andAfter: true };
      const { status } = await save(home.folder('saved'), scenario, LINKS, failAt);
      // The lock is released without a link.
      expect(status).toBe(0);
      expect(await keyFor(home.folder('saved'), OTHER_URL)).toBe(NEW);
      expect(Object.keys(await home.folder('saved').files())).toEqual([
        '.config/vastai/config.json',
        '.config/vastai/vast_api_key',
      ]);
      expect(readFileSync(home.folder('saved').paths.keyFile('default'), 'utf8')).toBe(NEW);
    },
  );
});
