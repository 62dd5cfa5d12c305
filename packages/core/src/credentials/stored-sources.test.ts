import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf, revealed } from '../../test/support/keys.js';
import { DEFAULT_URL } from '../base/origin.js';
import type { ProfileRecord } from '../config/settings.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import type { KeyStore } from '../secrets/store.js';
import { boundOriginOf, legacySource, storedSources } from './stored-sources.js';

const home = useHome();

/** A fake store, which records the profiles that it is asked for. */
function storeWith(kind: KeyStore['kind'], lookup?: Lookup) {
  const asked: string[] = [];
  const refuse = async () => {
    throw new Error('a search changes nothing');
  };
  const store: KeyStore = {
    kind,
    locate: (profile) => `${kind} of ${profile}`,
    async read(profile) {
      asked.push(profile);
      return lookup ?? { state: 'present', key: keyOf(`key-of-${kind}`) };
    },
    keep: refuse,
    probe: refuse,
    write: refuse,
    remove: refuse,
  };
  return { store, asked };
}

function sourcesOf(
  record: ProfileRecord | undefined,
  { keychain = storeWith('keychain'), withKeychain = true } = {},
) {
  const stores = { file: storeWith('file').store, keychain: keychain.store, quietKeychain: keychain.store };
  const command = async (): Promise<Lookup> => ({ state: 'present', key: keyOf('key-of-command') });
  return storedSources('work', record, stores, command, withKeychain);
}

const shape = (sources: ReturnType<typeof sourcesOf>) =>
  sources.map(({ name, location, searched, configured }) => [name, location, searched, configured]);

describe('the places of a saved key', () => {
  it('are the file, then the keychain, where nothing is recorded', async () => {
    const sources = sourcesOf(undefined);
    expect(shape(sources)).toEqual([
      ['file', 'file of work', true, false],
      ['keychain', 'keychain of work', true, false],
    ]);
    expect(await Promise.all(sources.map(async ({ read }) => revealed(await read())))).toEqual([
      'key-of-file',
      'key-of-keychain',
    ]);
    expect(shape(sourcesOf(undefined, { withKeychain: false }))).toEqual([
      ['file', 'file of work', true, false],
    ]);
  });

  it.each<[record: ProfileRecord, expected: unknown[][], key: string]>([
    [
      { storage: 'file' },
      [
        ['file', 'file of work', true, true],
        ['keychain', 'keychain of work', false, false],
      ],
      'key-of-file',
    ],
    [
      { storage: 'keychain' },
      [
        ['keychain', 'keychain of work', true, true],
        ['file', 'file of work', false, false],
      ],
      'key-of-keychain',
    ],
    [
      { storage: 'command', command: ['pass', 'show', 'vast'] },
      [
        ['command', 'pass', true, true],
        ['file', 'file of work', false, false],
        ['keychain', 'keychain of work', false, false],
      ],
      'key-of-command',
    ],
  ])('are what %j records, and a copy elsewhere is only shown', async (record, expected, key) => {
    const sources = sourcesOf(record);
    expect(shape(sources)).toEqual(expected);
    expect(revealed((await sources[0]?.read()) ?? ABSENT)).toBe(key);
  });

  it.each<[ProfileRecord | undefined, string]>([
    [undefined, DEFAULT_URL],
    [{ storage: 'file' }, DEFAULT_URL],
    [{ storage: 'file', url: 'https://staging.example' }, 'https://staging.example'],
    [{ storage: 'keychain', url: 'https://staging.example' }, 'https://staging.example'],
  ])('belong, for %j, to %s, and are to blame as a store', (record, url) => {
    expect(boundOriginOf(record)).toEqual(new URL(url));
    for (const { boundOrigin, faultOf } of sourcesOf(record)) {
      expect({ boundOrigin, faultOf }).toEqual({ boundOrigin: new URL(url), faultOf: 'storage' });
    }
  });

  it('ask the keychain for their own profile', async () => {
    const keychain = storeWith('keychain');
    await Promise.all(sourcesOf({ storage: 'keychain' }, { keychain }).map(({ read }) => read()));
    expect(keychain.asked).toEqual(['work']);
  });
});

describe('the source of a saved key', () => {
  const retry = [
    { do: 'save-key', purpose: 'Check the key for a typo and save it again, or save another one' },
    { do: 'make-key' },
  ];
  const ofStore = (name: 'file' | 'keychain', more: object) => ({
    name,
    location: `${name} of work`,
    boundOrigin: new URL(DEFAULT_URL),
    place: name,
    isFree: name === 'file',
    faultOf: 'storage',
    whenRejected: retry,
    whenTwoFactor: [{ do: 'tfa-login' }],
    ...more,
  });
  const described = (record: ProfileRecord | undefined, withKeychain = true) =>
    sourcesOf(record, { withKeychain }).map(({ read: _, ...source }) => source);

  it('says what vastai does with it', () => {
    const [used, aside] = [
      { searched: true, configured: true },
      { searched: false, configured: false },
    ];
    expect(described(undefined)).toEqual([
      ofStore('file', { searched: true, configured: false }),
      ofStore('keychain', { searched: true, configured: false }),
    ]);
    expect(described({ storage: 'file' })).toEqual([ofStore('file', used), ofStore('keychain', aside)]);
    expect(described({ storage: 'keychain' })).toEqual([ofStore('keychain', used), ofStore('file', aside)]);
    const { place: _, ...ofCommand } = ofStore('file', used);
    expect(described({ storage: 'command', command: ['op', 'read'] })).toEqual([
      {
        ...ofCommand,
        name: 'command',
        location: 'op',
        isFree: false,
        whenRejected: [
          { do: 'say', text: 'Correct the key where the program "op" reads it.' },
          { do: 'make-key' },
        ],
      },
      ofStore('file', aside),
      ofStore('keychain', aside),
    ]);
    expect(described({ storage: 'command' }, false).map(({ location }) => location)).toEqual([
      '',
      'file of work',
    ]);
    expect(described({ storage: 'file' }, false)).toEqual([ofStore('file', used)]);
    expect(described({ storage: 'keychain' }, false)).toHaveLength(2);
  });
});

describe('a keychain', () => {
  const missing = unreadable('keychain_missing', 'm', 'f');
  const locked = unreadable('keychain_locked', 'm', 'f');

  it.each([
    ['has no entry', ABSENT, ABSENT],
    ['is not there', missing, ABSENT],
    ['is locked', locked, locked],
  ])('that %s, and nothing says that the key is in it, counts so', async (_, lookup, expected) => {
    const [, source] = sourcesOf(undefined, { keychain: storeWith('keychain', lookup) });
    expect(await source?.read()).toEqual(expected);
  });

  it.each([missing, locked])('that is recorded stops the command if it returns %j', async (lookup) => {
    const [source] = sourcesOf({ storage: 'keychain' }, { keychain: storeWith('keychain', lookup) });
    expect(await source?.read()).toEqual(lookup);
  });

  it('that is recorded and has no entry does not count as having no key', async () => {
    const [source] = sourcesOf({ storage: 'keychain' }, { keychain: storeWith('keychain', ABSENT) });
    expect(await source?.read()).toEqual({
      state: 'unreadable',
      problem: {
        code: 'keychain_no_answer',
        message:
          'The key of profile "work" was saved in the keychain, but the keychain does not return it: it is locked, or the entry was removed.',
        fix: [
          { do: 'unlock-keychain' },
          { do: 'save-key', purpose: 'If the entry was removed, save the key again' },
          { do: 'pass-key' },
        ],
      },
    });
  });

  it('that is not recorded, but may have a key, stops nothing', async () => {
    const read = async (lookup: Lookup) =>
      sourcesOf({ storage: 'file' }, { keychain: storeWith('keychain', lookup) })[1]?.read();
    expect(await read(locked)).toEqual({
      state: 'unreadable',
      problem: {
        code: 'unused_copy',
        message: 'The keychain may have an unused key of profile "work". m',
        fix: [{ do: 'start-over' }],
      },
    });
    expect(await read(missing)).toEqual(ABSENT);
    expect(await read(ABSENT)).toEqual(ABSENT);
  });
});

describe('a save that was killed between two APIs', () => {
  it('leaves a key that is sent to neither API, wherever it is', async () => {
    for (const record of [{ storage: 'file' }, { storage: 'keychain' }, {}] as ProfileRecord[]) {
      const sources = sourcesOf({ ...record, pending: true } as ProfileRecord);
      for (const { read, location } of sources.filter(({ searched }) => searched)) {
        const suffix = keyOf(`key-of-${location.split(' ')[0]}`).suffix;
        expect(await read()).toEqual({
          state: 'unreadable',
          problem: {
            code: 'pending',
            message: `Saving a key for another API was interrupted, so the key …${suffix} in ${location} may belong to either API.`,
            fix: [
              {
                do: 'save-key',
                url: DEFAULT_URL,
                purpose: `To use it for ${DEFAULT_URL}, save it again`,
              },
              { do: 'say', text: 'If it belongs to another API, pass that API with --url.' },
            ],
          },
        });
      }
    }
  });

  it('reports a place without a key as it is', async () => {
    const keychain = storeWith('keychain', ABSENT);
    const [, source] = sourcesOf({ pending: true } as ProfileRecord, { keychain });
    expect(await source?.read()).toEqual(ABSENT);
  });
});

describe('~/.vast_api_key', () => {
  it('is asked for a key of Vast.ai’s own API', async () => {
    home.put(home.paths.legacyFile, 'key-0123456789\n');
    const { read, whenRejected, whenTwoFactor, ...source } = legacySource(home.paths.legacyFile);
    expect(source).toEqual({
      name: 'legacy',
      location: home.paths.legacyFile,
      boundOrigin: new URL(DEFAULT_URL),
      searched: true,
      configured: false,
      isFree: true,
      place: 'legacy',
      faultOf: 'storage',
    });
    expect(whenRejected).toEqual([
      { do: 'save-key', purpose: 'Check the key for a typo and save it again, or save another one' },
      { do: 'make-key' },
    ]);
    expect(whenTwoFactor).toEqual([{ do: 'tfa-login' }]);
    expect(revealed(await read())).toBe('key-0123456789');
  });
});
