import { chmodSync, existsSync, mkdirSync, statSync } from 'node:fs';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { type HomeFolder, useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { isVastaiError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { acquireKey } from '../context/acquire-key.js';
import { keyPlaces, removeKeys } from '../credentials/remove.js';
import { saveKey } from '../credentials/save.js';
import { migrate } from '../operations/migrate/migrate.js';

const OTHER_URL = 'https://staging.example';
const LOOPBACK_URL = 'http://127.0.0.1:9';
const PROFILES = ['default', 'work'] as const;
type Profile = (typeof PROFILES)[number];

/** Content of a key file that is not a key. */
const BROKEN = 'two words';

/** The expected content of the home. */
interface Model {
  readonly files: Map<Profile, string>;
  legacy: string | undefined;
  /** Recorded API of a profile. */
  readonly urls: Map<Profile, string>;
  /** True if the key file of the default profile was made readable for others since it was written. */
  open: boolean;
}

const homes = useHome();

/** Returns the key that a run should send and its source, or the code of its error. */
function expectedKey(
  model: Model,
  profile: Profile,
  target: string,
): { key: string; legacy: boolean } | string {
  const places = [
    { key: model.files.get(profile), belongsTo: model.urls.get(profile) ?? DEFAULT_URL, legacy: false },
    { key: profile === 'default' ? model.legacy : undefined, belongsTo: DEFAULT_URL, legacy: true },
  ];
  for (const { key, belongsTo, legacy } of places) {
    if (key === undefined || (belongsTo !== target && target !== LOOPBACK_URL)) continue;
    return key === BROKEN ? 'storage' : { key, legacy };
  }
  return 'no_key';
}

/** Moves the legacy key of the model, as a migration should. Returns the code of its error. */
function migrateModel(model: Model): string | undefined {
  const saved = model.files.get('default');
  if (model.legacy === undefined || model.legacy === BROKEN) return undefined;
  if ((model.urls.get('default') ?? DEFAULT_URL) !== DEFAULT_URL) return undefined;
  if (saved === BROKEN) return 'storage';
  if (saved !== undefined && saved !== model.legacy) return undefined;
  if (saved === undefined) model.open = false;
  model.files.set('default', model.legacy);
  model.legacy = undefined;
  return undefined;
}

/** Returns the code of an expected error. */
async function codeOf(work: Promise<unknown>): Promise<string | undefined> {
  return work.then(
    () => undefined,
    (error: unknown) => {
      if (!isVastaiError(error)) throw error;
      return error.code;
    },
  );
}

/** Expects that the home matches the model exactly. */
async function expectAsModelled(home: HomeFolder, model: Model): Promise<void> {
  const { '.config/vastai/config.json': settings = '{}', ...files } = await home.files();
  expect(settings).not.toContain('-key-');
  const urls = Object.entries(JSON.parse(settings).profiles ?? {}).map(([name, record]) => [
    name,
    (record as { url: string }).url,
  ]);
  expect(Object.fromEntries(urls)).toEqual(Object.fromEntries(model.urls));
  const expected = new Map([...model.files].map(([profile, key]) => [home.paths.keyFile(profile), key]));
  if (model.legacy !== undefined) expected.set(home.paths.legacyFile, model.legacy);
  const relative = [...expected].map(([path, key]) => [
    path.slice(home.path.length + 1).replaceAll('\\', '/'),
    key,
  ]);
  expect(files).toEqual(Object.fromEntries(relative));
  const path = home.paths.keyFile('default');
  if (process.platform !== 'win32' && existsSync(path))
    expect((statSync(path).mode & 0o077) !== 0).toBe(model.open);
}

interface Step {
  run(home: HomeFolder, model: Model): Promise<void>;
  /** Returns a sequence that fails as a string. */
  [fc.toStringMethod](): string;
}

const set = (profile: Profile, key: string, url: string): Step => ({
  [fc.toStringMethod]: () => `set ${profile} ${key} for ${url}`,
  async run(home, model) {
    const context = await home.context({}, { profile, url });
    const { removed } = await saveKey(context, context.stores.file, keyOf(key));
    const hadLegacy = profile === 'default' && model.legacy !== undefined;
    expect(removed).toEqual(hadLegacy ? [home.paths.legacyFile] : []);
    model.files.set(profile, key);
    model.urls.set(profile, url);
    if (profile !== 'default') return;
    model.legacy = undefined;
    model.open = false;
  },
});

const unset = (profile: Profile): Step => ({
  [fc.toStringMethod]: () => `unset ${profile}`,
  async run(home, model) {
    const context = await home.context({}, { profile });
    const places = await keyPlaces(context);
    const expected = [
      ...(model.files.has(profile) ? ['file'] : []),
      ...(profile === 'default' && model.legacy !== undefined ? ['legacy'] : []),
    ];
    expect(places.map(({ storage }) => storage)).toEqual(expected);
    if (places.length === 0) return;
    expect(await removeKeys(context)).toEqual(places);
    model.files.delete(profile);
    if (model.urls.get(profile) === DEFAULT_URL) model.urls.delete(profile);
    if (profile !== 'default') return;
    model.legacy = undefined;
    model.open = false;
  },
});

const run = (profile: Profile, url: string | undefined): Step => ({
  [fc.toStringMethod]: () => `run as ${profile} with ${url}`,
  async run(home, model) {
    const target = url ?? model.urls.get(profile) ?? DEFAULT_URL;
    const expected = expectedKey(model, profile, target);
    const context = await home.context({}, { profile, url });
    if (typeof expected === 'string') {
      expect(await codeOf(acquireKey(context))).toBe(expected);
      return;
    }
    const { key, source, notes } = await acquireKey(context);
    expect([key.reveal(), source.name]).toEqual([expected.key, expected.legacy ? 'legacy' : 'file']);
    const before = model.legacy;
    if (expected.legacy) migrateModel(model);
    expect(notes).toHaveLength(before === model.legacy ? 0 : 1);
  },
});

const migration: Step = {
  [fc.toStringMethod]: () => 'migrate',
  async run(home, model) {
    const code = migrateModel(model);
    expect(await codeOf(home.context().then((context) => migrate(context)))).toBe(code);
    if (code === undefined) model.open = false;
  },
};

const putLegacy = (key: string): Step => ({
  [fc.toStringMethod]: () => `an older tool writes ${key}`,
  async run(home, model) {
    home.put(home.paths.legacyFile, key);
    model.legacy = key;
  },
});

const putFile = (key: string): Step => ({
  [fc.toStringMethod]: () => `the Python CLI writes ${key}`,
  async run(home, model) {
    // It does not restrict a mode that was open.
    home.put(home.paths.keyFile('default'), key);
    model.files.set('default', key);
  },
});

const openFile: Step = {
  [fc.toStringMethod]: () => 'the key file is opened to others',
  async run(home, model) {
    if (process.platform === 'win32' || !model.files.has('default')) return;
    chmodSync(home.paths.keyFile('default'), 0o644);
    model.open = true;
  },
};

const profile = fc.constantFrom(...PROFILES);
const key = fc.integer({ min: 0, max: 4 }).map((number) => `some-key-${number}`.repeat(number + 1));
const url = fc.constantFrom(DEFAULT_URL, OTHER_URL, LOOPBACK_URL);
const anyText = fc.oneof({ weight: 5, arbitrary: key }, fc.constant(BROKEN));
const steps = fc.array(
  fc.oneof(
    fc.tuple(profile, key, url).map((args) => set(...args)),
    profile.map(unset),
    fc.tuple(profile, fc.option(url, { nil: undefined })).map((args) => run(...args)),
    fc.constant(migration),
    anyText.map(putLegacy),
    anyText.map(putFile),
    fc.constant(openFile),
  ),
  { maxLength: 14 },
);

it('keys are where any sequence of saving, removing, migrating and reading should have put them', async () => {
  let count = 0;
  await fc.assert(
    fc.asyncProperty(steps, async (sequence) => {
      count += 1;
      const home = homes.folder(String(count));
      mkdirSync(home.path);
      const model: Model = { files: new Map(), legacy: undefined, urls: new Map(), open: false };
      for (const step of sequence) {
        await step.run(home, model);
        await expectAsModelled(home, model);
      }
    }),
    { numRuns: 60 },
  );
});
