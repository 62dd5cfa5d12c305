import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import { type ExpiryEntry, entriesOf, type LedgerEntry } from './entries.js';
import { addEntry, changeLedger, newEntryId, readLedger, removeEntry, replaceEntry } from './ledger.js';

const home = useHome();
const KEY = keyOf('a-key-0123456789abcdef');
const maker = fingerprintOf(KEY);
const origin = 'https://console.vast.ai';
const common = () => ({ entry: newEntryId(), origin, started: 1_790_000_000 });
const self = { pid: 7, host: 'here', since: '1', boot: 'b', namespace: 'pid:[1]' };

const expiry = (more: Partial<ExpiryEntry> = {}): ExpiryEntry => ({
  ...common(),
  kind: 'expiry',
  id: 42,
  name: 'ci',
  expires: 1_800_000_000,
  maker,
  ...more,
});

const ONE_OF_EACH: readonly LedgerEntry[] = [
  {
    ...common(),
    kind: 'rotation',
    profile: 'default',
    storage: 'keychain',
    old: { id: 42, name: null, fingerprint: maker },
    new: { name: 'laptop ~k3f9' },
    next: 'create',
  },
  { ...common(), kind: 'reset', profile: null, old: maker },
  { ...common(), kind: 'ephemeral', profile: 'work', name: 'exec 1', id: 43, maker, process: self },
  expiry(),
];

const put = (content: unknown) => home.put(home.paths.ledgerFile, JSON.stringify(content));
const written = () => JSON.parse(readFileSync(home.paths.ledgerFile, 'utf8'));

describe('the ledger', () => {
  it('is empty without a file, and reading makes none', async () => {
    expect(await readLedger(home.paths)).toEqual([]);
    expect(await home.files()).toEqual({});
  });

  it('keeps entries of each kind in a private file', async () => {
    const context = await home.context();
    for (const entry of ONE_OF_EACH) await addEntry(context, entry);
    expect(await readLedger(home.paths)).toEqual(ONE_OF_EACH);
    expect(Object.keys(await home.files())).toEqual(['.config/vastai/ledger.json']);
    if (process.platform !== 'win32') expect(statSync(home.paths.ledgerFile).mode & 0o777).toBe(0o600);
    expect(entriesOf(await readLedger(home.paths), 'expiry')).toEqual([ONE_OF_EACH[3]]);
  });

  it('replaces and removes entries by their id', async () => {
    const context = await home.context();
    const [one, other] = [expiry(), expiry({ id: 43 })];
    await addEntry(context, one);
    await addEntry(context, other);
    await replaceEntry(context, { ...one, name: 'new' });
    await replaceEntry(context, expiry({ id: 44 }));
    await removeEntry(context, other.entry);
    expect(await readLedger(home.paths)).toEqual([{ ...one, name: 'new' }]);
  });

  it('is removed with the last entry, unless a newer version has put something else there', async () => {
    const context = await home.context();
    const entry = expiry();
    await addEntry(context, entry);
    await removeEntry(context, entry.entry);
    expect(await home.files()).toEqual({});
    await removeEntry(context, entry.entry);
    put({ version: 1, entries: [entry], extra: true });
    await removeEntry(context, entry.entry);
    expect(written()).toEqual({ version: 1, entries: [], extra: true });
  });

  it('is not written with an entry that could not be read', async () => {
    const context = await home.context();
    await addEntry(context, expiry());
    const before = readFileSync(home.paths.ledgerFile, 'utf8');
    await expect(addEntry(context, expiry({ name: 'x'.repeat(1001) }))).rejects.toThrow('"name"');
    expect(readFileSync(home.paths.ledgerFile, 'utf8')).toBe(before);
  });

  it('loses no entry when many add one at the same time', async () => {
    const context = await home.context();
    const ids = Array.from({ length: 8 }, (_, index) => index + 1);
    await Promise.all(ids.map((id) => addEntry(context, expiry({ id }))));
    const kept = entriesOf(await readLedger(home.paths), 'expiry').map(({ id }) => id);
    expect(kept.sort((one, other) => one - other)).toEqual(ids);
  });

  it('keeps what only a newer version knows', async () => {
    const future = { kind: 'lease', of: 'a newer version' };
    const known = { ...expiry(), more: [1] };
    const changed = { ...expiry(), expires: 'tomorrow' };
    put({ version: 2, entries: [future, known, changed], extra: true });
    expect(await readLedger(home.paths)).toEqual([known]);
    const added = expiry({ id: 43 });
    await addEntry(await home.context(), added);
    expect(written()).toEqual({ version: 2, entries: [known, added, future, changed], extra: true });
    put({ version: 1, entries: [future] });
    await changeLedger(await home.context(), (entries) => entries);
    expect(written()).toEqual({ version: 1, entries: [future] });
  });

  it.each([
    ['is not valid JSON', '{'],
    ['is not valid JSON', '\ufffe\u0000'],
    ['does not contain a JSON object', '[]'],
    ['"version"', '{"version":"1"}'],
    ['"entries"', '{"entries":{}}'],
    ['entry 1', '{"entries":[null]}'],
    ['"kind" of entry 1', '{"entries":[{"kind":7}]}'],
    ['"kind" of entry 1', '{"entries":[{}]}'],
    ['"entry" of entry 1', '{"entries":[{"kind":"expiry","__proto__":{"entry":"x"}}]}'],
  ])('that somebody broke is reported and left as it is: %s', async (why, content) => {
    home.put(home.paths.ledgerFile, content);
    const failure = { code: 'storage', message: expect.stringContaining(why) };
    await expect(readLedger(home.paths)).rejects.toMatchObject(failure);
    await expect(addEntry(await home.context(), expiry())).rejects.toMatchObject(failure);
    expect(readFileSync(home.paths.ledgerFile, 'utf8')).toBe(content);
  });

  it.each([
    { entry: '../x' },
    { origin: 'https://console.vast.ai/path' },
    { origin: 'nowhere' },
    { started: '1' },
    { id: 0 },
    { id: 2 ** 60 },
    { name: 'x'.repeat(2000) },
    { name: null },
    { expires: -1 },
    { expires: 2 ** 52 },
    { maker: KEY.suffix },
  ])('takes no entry with %j', async (wrong) => {
    put({ version: 1, entries: [{ ...expiry(), ...wrong }] });
    const message = expect.stringContaining(`"${Object.keys(wrong)[0]}" of entry 1`);
    await expect(readLedger(home.paths)).rejects.toMatchObject({ code: 'storage', message });
  });

  it.each(ONE_OF_EACH.map((entry) => [entry.kind, entry] as const))(
    'needs every field of a %s but those that come later',
    async (_, entry) => {
      for (const name of Object.keys(entry).filter((one) => one !== 'kind')) {
        const { [name]: __, ...rest } = entry as unknown as Record<string, unknown>;
        put({ version: 1, entries: [rest] });
        const isLater = name === 'id' && entry.kind === 'ephemeral';
        const outcome = await readLedger(home.paths).then(
          () => 'read',
          ({ code }) => code,
        );
        expect([name, outcome]).toEqual([name, isLater ? 'read' : 'storage']);
      }
    },
  );

  it('takes no more entries than it can always be read with, but gives them up', async () => {
    const context = await home.context();
    // Each of these characters takes six bytes in JSON.
    const name = '\u0001'.repeat(1000);
    const many = Array.from({ length: 80 }, (_, index) => expiry({ id: index + 1, name }));
    await changeLedger(context, () => many);
    const more = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((id) => expiry({ id, name }));
    const full = { code: 'storage', message: expect.stringContaining('is full') };
    await expect(changeLedger(context, (entries) => [...entries, ...more])).rejects.toMatchObject(full);
    await removeEntry(context, many[0]?.entry ?? '');
    await addEntry(context, expiry());
    expect(await readLedger(home.paths)).toHaveLength(80);
  });
});
