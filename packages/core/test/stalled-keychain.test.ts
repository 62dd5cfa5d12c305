import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { VastaiError } from '../src/base/errors.js';
import { findKey } from '../src/credentials/chain.js';
import { saveKey } from '../src/credentials/save.js';
import { useHome } from './support/home.js';
import { keyOf } from './support/keys.js';

const OLD = 'old-key-0123456789abcdef';
const NEW = 'new-key-fedcba9876543210';
const VAST_URL = 'https://console.vast.ai';
const OTHER_URL = 'https://staging.example';
const home = useHome();

/** The real addon, which stops before or after a call until the test resumes it. */
const ADDON = `
const fs = require('node:fs');
const real = require(${JSON.stringify(createRequire(join(cliRoot, 'package.json')).resolve('keytar'))});
const { at, side } = JSON.parse(fs.readFileSync('stop.json', 'utf8'));
async function stop() {
  fs.writeFileSync('reached', process.pid + '\\n');
  while (!fs.existsSync('go')) await new Promise((resolve) => setTimeout(resolve, 5));
}
for (const name of ['getPassword', 'setPassword', 'deletePassword']) {
  exports[name] = async (...args) => {
    fs.appendFileSync('calls', name + '\\n');
    const isIt = fs.readFileSync('calls', 'utf8').split('\\n').length - 1 === at;
    if (isIt && side === 'before') await stop();
    const value = await real[name](...args);
    if (isIt && side === 'after') await stop();
    return value;
  };
}
`;

describe.runIf(secretServiceInstalled())('a keychain that fails in the middle of a save', () => {
  let service: SecretService;
  beforeAll(async () => {
    service = await startSecretService();
  });
  afterAll(() => service.stop());
  afterEach(() => service.clear('default'));

  const addon = (name: string) => home.at('cli', 'node_modules', 'keytar', name);
  const context = (url: string, seconds = '30') => {
    const environment = { ...service.env, VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: seconds };
    return home.context(environment, { cliRoot: home.at('cli'), url });
  };
  const save = async (url: string, seconds?: string) => {
    const opened = await context(url, seconds);
    return saveKey(opened, opened.stores.keychain, keyOf(NEW));
  };
  const settings = () => readFileSync(home.paths.settingsFile, 'utf8');

  async function prepare(oldKey: string | undefined, at: number, side: 'before' | 'after'): Promise<void> {
    const record = { storage: 'keychain', url: VAST_URL };
    home.put(home.paths.settingsFile, JSON.stringify({ version: 1, profiles: { default: record } }));
    home.put(addon('package.json'), '{"main":"addon.js"}');
    home.put(addon('addon.js'), ADDON);
    home.put(addon('stop.json'), JSON.stringify({ at, side }));
    for (const name of ['calls', 'reached', 'go']) rmSync(addon(name), { force: true });
    if (oldKey !== undefined) await service.store('default', oldKey);
  }

  /** Causes a fault when the addon stops, and resumes it. */
  async function saveWith(trouble: () => Promise<void> | void, url: string): Promise<VastaiError | 'saved'> {
    const saving = save(url, '1').then(
      () => 'saved' as const,
      (error: VastaiError) => error,
    );
    let isOver = false;
    void saving.then(() => {
      isOver = true;
    });
    while (!isOver && !existsSync(addon('reached'))) await sleep(5);
    if (!isOver) await trouble();
    writeFileSync(addon('go'), '');
    return saving;
  }

  /** Returns the key that a run would send to an API, or the code of the error. */
  async function keyFor(url: string): Promise<string> {
    const { sources, url: target } = await context(url);
    return findKey(sources, target).then(
      ({ key }) => key.reveal(),
      (error: VastaiError) => error.code,
    );
  }

  const TROUBLES = [
    { what: 'hangs', doubtful: true, begin: () => service.freeze(), end: () => service.thaw() },
    { what: 'locks itself', doubtful: true, begin: () => service.lock(), end: () => service.unlock() },
    {
      what: 'loses the process that calls it',
      doubtful: false,
      begin: async () => signalProcess(await processIdIn(addon('reached')), 'SIGKILL'),
      end: () => {},
    },
  ];
  /** The calls read the old key, write the new one, and read it back. Other reads use the bus. */
  const STOPS = [
    { at: 1, side: 'before' },
    { at: 2, side: 'before' },
    { at: 2, side: 'after' },
    { at: 3, side: 'before' },
    { at: 3, side: 'after' },
  ] as const;
  const SAVES = [
    { what: 'for the same API', url: VAST_URL, oldKey: OLD },
    { what: 'for another API', url: OTHER_URL, oldKey: OLD },
    { what: 'that is the first, for another API', url: OTHER_URL, oldKey: undefined },
  ];
  const CASES = TROUBLES.flatMap(({ what, ...trouble }) =>
    SAVES.map((one) => ({ ...one, ...trouble, name: `${what}, in a save ${one.what}` })),
  );

  it.each(CASES)(
    '$name: keeps the old key, or says which may be there, and has none on record for another API',
    async ({ url, oldKey, begin, end, doubtful }) => {
      const outcomes = new Set<string>();
      for (const { at, side } of STOPS) {
        await prepare(oldKey, at, side);
        const before = settings();
        const outcome = await saveWith(begin, url);
        await end();
        const calls = readFileSync(addon('calls'), 'utf8').trim().split('\n');
        const stored = await service.lookup('default');
        if (outcome === 'saved') {
          outcomes.add('saved');
          expect(stored).toBe(NEW);
        } else {
          expect(outcome.code).toBe('storage');
          expect(outcome.message).not.toMatch(/left alone/);
          const isInDoubt = outcome.message.includes('may be in keychain');
          outcomes.add(isInDoubt ? 'in doubt' : 'as before');
          if (isInDoubt) {
            expect(outcome.message).toContain('The new key (…3210)');
            if (oldKey !== undefined) expect(outcome.message).toContain('the old one (…cdef)');
            expect(outcome.advice).toContainEqual(expect.objectContaining({ do: 'save-key', url }));
            expect([oldKey, NEW]).toContain(stored);
          } else {
            expect(stored).toBe(oldKey);
            expect(settings()).toBe(before);
          }
          // If nothing was written, the state is certain.
          if (!calls.includes('setPassword')) expect(isInDoubt).toBe(false);
        }
        if (url !== VAST_URL) {
          expect(await keyFor(VAST_URL)).not.toBe(NEW);
          expect(await keyFor(url)).not.toBe(OLD);
        }
        // The next save makes the state certain.
        writeFileSync(addon('stop.json'), '{}');
        await save(url);
        expect(await keyFor(url)).toBe(NEW);
        await service.clear('default');
      }
      expect(outcomes.has('in doubt')).toBe(doubtful);
      expect(outcomes.has('as before')).toBe(true);
    },
    120_000,
  );

  it('restores the old key if there is no space for the settings, and reads it back first', async () => {
    await prepare(OLD, 0, 'before');
    const before = settings();
    const opened = await context(OTHER_URL);
    const { keychain } = opened.stores;
    // The settings fail only after the key was written, as on a disk that breaks at that moment.
    const breaking = {
      ...keychain,
      async write(profile: string, key: Parameters<typeof keychain.write>[1]) {
        await keychain.write(profile, key);
        rmSync(home.paths.settingsFile);
        home.put(join(home.paths.settingsFile, 'inside'), '');
      },
    };
    const error = await saveKey(opened, breaking, keyOf(NEW)).catch((thrown: VastaiError) => thrown);
    expect(error).toMatchObject({ code: 'storage', message: expect.stringContaining('config.json') });
    expect(await service.lookup('default')).toBe(OLD);
    rmSync(home.paths.settingsFile, { recursive: true });
    writeFileSync(home.paths.settingsFile, before);
    expect(await keyFor(VAST_URL)).toBe(OLD);
  });
});
