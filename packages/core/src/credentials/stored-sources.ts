import { type Advice, START_OVER } from '../base/advice.js';
import { DEFAULT_URL } from '../base/origin.js';
import type { ProfileRecord } from '../config/settings.js';
import { readKeyFile } from '../secrets/key-text.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import type { KeyStore } from '../secrets/store.js';
import type { Source } from './source.js';

/** Holds the stores that a profile's key can be in. */
export interface Stores {
  /** Files where Vast.ai's Python CLI has them: `~/.config/vastai/vast_api_key`, and one below `profiles/` for each profile. */
  readonly file: KeyStore;
  /** Keychain of the system: service `vastai`, account of the profile's name. */
  readonly keychain: KeyStore;
  /** Same keychain, but a person is never asked for its password. */
  readonly quietKeychain: KeyStore;
}

/**
 * The places of a profile's saved key, in the order in which they are asked.
 *
 * Where `config.json` records the place, only that one is asked, and a copy elsewhere is just shown: a save that
 * was killed, or another program, can have left one. Without a record it is the key file, which costs nothing to
 * look at, else the keychain; a keychain that is not there then holds nothing.
 */
export function storedSources(
  profile: string,
  record: ProfileRecord | undefined,
  stores: Stores,
  command: Source['read'],
  withKeychain: boolean,
): Source[] {
  const boundOrigin = boundOriginOf(record);
  const source = (
    name: 'keychain' | 'file' | 'command',
    location: string,
    more: Partial<Source> & Pick<Source, 'read'>,
  ): Source => ({
    name,
    location,
    boundOrigin,
    searched: true,
    configured: record?.storage === name,
    isFree: name === 'file',
    ...(name === 'command' ? {} : { place: name }),
    faultOf: 'storage',
    whenRejected: SAVE_ANOTHER,
    ...more,
    read: record?.pending ? () => readPending(record, location, more.read) : more.read,
  });
  const file = source('file', stores.file.locate(profile), { read: () => stores.file.read(profile) });
  const aside = { ...file, searched: false };
  const location = stores.keychain.locate(profile);
  const forgotten: Source = {
    ...aside,
    name: 'keychain',
    place: 'keychain',
    isFree: false,
    location,
    configured: false,
    read: () => readForgotten(stores, profile),
  };
  const unrecorded = withKeychain ? [forgotten] : [];
  switch (record?.storage) {
    case 'file':
      return [file, ...unrecorded];
    case 'keychain':
      return [source('keychain', location, { read: () => readRecorded(stores.keychain, profile) }), aside];
    case 'command':
      return [
        source('command', record.command?.[0] ?? '', { read: command, whenRejected: atCommand(record) }),
        aside,
        ...unrecorded,
      ];
    default:
      return withKeychain
        ? [file, source('keychain', location, { read: () => readUnrecorded(stores.keychain, profile) })]
        : [file];
  }
}

/** The API that a profile's saved key belongs to. */
export function boundOriginOf(record: ProfileRecord | undefined): URL {
  return new URL(record?.url ?? DEFAULT_URL);
}

/** `~/.vast_api_key`, for the default profile only. It knows of no other API than Vast.ai's own. */
export function legacySource(path: string): Source {
  return {
    name: 'legacy',
    location: path,
    boundOrigin: new URL(DEFAULT_URL),
    searched: true,
    configured: false,
    isFree: true,
    place: 'legacy',
    faultOf: 'storage',
    whenRejected: SAVE_ANOTHER,
    read: () => readKeyFile(path),
  };
}

/** A save was cut off while the key of one API took the place of another's: it goes to neither. */
async function readPending(record: ProfileRecord, location: string, read: Source['read']): Promise<Lookup> {
  const lookup = await read();
  if (lookup.state !== 'present') return lookup;
  const { origin } = boundOriginOf(record);
  return unreadable(
    'pending',
    `Saving a key for another API was cut off, so it is not known to which API the key ${lookup.key} in ${location} belongs.`,
    [
      { do: 'save-key', url: origin, purpose: `To use it for ${origin}, save it again` },
      { do: 'say', text: 'If it is for another API, give --url the address of that one.' },
    ],
  );
}

/** The keychain was given the key, so "nothing there" means that it is locked or that somebody removed it. */
async function readRecorded(keychain: KeyStore, profile: string) {
  const lookup = await keychain.read(profile);
  if (lookup.state !== 'absent') return lookup;
  return unreadable(
    'keychain_no_answer',
    `The key of profile "${profile}" was saved in the keychain, which does not give it: it is locked, or the entry was removed.`,
    [
      { do: 'unlock-keychain' },
      { do: 'save-key', purpose: 'If the entry was removed, save the key again' },
      { do: 'pass-key' },
    ],
  );
}

/** Another store is on record, so the keychain is asked for no password, and one that fails is no obstacle. */
async function readForgotten({ quietKeychain }: Stores, profile: string): Promise<Lookup> {
  const lookup = await readUnrecorded(quietKeychain, profile);
  if (lookup.state !== 'unreadable') return lookup;
  return unreadable(
    'unused_copy',
    `The keychain may have a key of profile "${profile}" that is not used. ${lookup.problem.message}`,
    START_OVER,
  );
}

const SAVE_ANOTHER: readonly Advice[] = [
  { do: 'save-key', purpose: 'Check it for a typo and save it again, or save another one' },
  { do: 'make-key' },
];

/** A key that a program prints can only be corrected where the program takes it from. */
function atCommand({ command = [] }: ProfileRecord): readonly Advice[] {
  return [
    { do: 'say', text: `Correct the key in the place that the program "${command[0]}" takes it from.` },
    { do: 'make-key' },
  ];
}

/** Nothing says that the keychain has a key, so one that is not there holds none. */
export async function readUnrecorded(keychain: KeyStore, profile: string): Promise<Lookup> {
  const lookup = await keychain.read(profile);
  return lookup.state === 'unreadable' && lookup.problem.code === 'keychain_missing' ? ABSENT : lookup;
}
