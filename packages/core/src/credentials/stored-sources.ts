import { type Advice, START_OVER } from '../base/advice.js';
import { DEFAULT_URL } from '../base/origin.js';
import type { ProfileRecord } from '../config/settings.js';
import { readKeyFile } from '../secrets/key-text.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import type { KeyStore } from '../secrets/store.js';
import type { Source } from './source.js';

/** The stores that a profile's key can be in. */
export interface Stores {
  /** Key files: `~/.config/vastai/vast_api_key`, like Vast.ai's Python CLI, and one below `profiles/` for each other profile. */
  readonly file: KeyStore;
  /** Keychain of the system, with the service `vastai` and the profile's name as the account. */
  readonly keychain: KeyStore;
  /** Same keychain, which never asks a person for its password. */
  readonly quietKeychain: KeyStore;
}

/**
 * Returns the places of a profile's saved key, in the order in which they are read.
 *
 * If `config.json` records the place, only that one is searched. A copy elsewhere, left by a killed save or another program,
 * is shown but not used. Without a record, the key file is read first, because it costs nothing, then the keychain; a missing
 * keychain then counts as empty.
 *
 * @param command reads the key from the profile's key command
 * @param withKeychain false to leave out a keychain that is not recorded
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
    whenTwoFactor: LOG_IN,
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

/** Returns the API that a profile's saved key belongs to. */
export function boundOriginOf(record: ProfileRecord | undefined): URL {
  return new URL(record?.url ?? DEFAULT_URL);
}

/** Returns the source of `~/.vast_api_key`, for the default profile only. Its key belongs to Vast.ai's own API. */
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
    whenTwoFactor: LOG_IN,
    read: () => readKeyFile(path),
  };
}

/** Reads a key whose save for another API was interrupted. It may belong to either API, so it is unreadable. */
async function readPending(record: ProfileRecord, location: string, read: Source['read']): Promise<Lookup> {
  const lookup = await read();
  if (lookup.state !== 'present') return lookup;
  const { origin } = boundOriginOf(record);
  return unreadable(
    'pending',
    `Saving a key for another API was interrupted, so the key ${lookup.key} in ${location} may belong to either API.`,
    [
      { do: 'save-key', url: origin, purpose: `To use it for ${origin}, save it again` },
      { do: 'say', text: 'If it belongs to another API, pass that API with --url.' },
    ],
  );
}

/** Reads a recorded keychain. A missing entry means that the keychain is locked, or that somebody removed the entry. */
async function readRecorded(keychain: KeyStore, profile: string) {
  const lookup = await keychain.read(profile);
  if (lookup.state !== 'absent') return lookup;
  return unreadable(
    'keychain_no_answer',
    `The key of profile "${profile}" was saved in the keychain, but the keychain does not return it: it is locked, or the entry was removed.`,
    [
      { do: 'unlock-keychain' },
      { do: 'save-key', purpose: 'If the entry was removed, save the key again' },
      { do: 'pass-key' },
    ],
  );
}

/** Reads a keychain although another store is recorded: without asking for a password, and without stopping the command. */
async function readForgotten({ quietKeychain }: Stores, profile: string): Promise<Lookup> {
  const lookup = await readUnrecorded(quietKeychain, profile);
  if (lookup.state !== 'unreadable') return lookup;
  return unreadable(
    'unused_copy',
    `The keychain may have an unused key of profile "${profile}". ${lookup.problem.message}`,
    START_OVER,
  );
}

const SAVE_ANOTHER: readonly Advice[] = [
  { do: 'save-key', purpose: 'Check the key for a typo and save it again, or save another one' },
  { do: 'make-key' },
];

const LOG_IN: readonly Advice[] = [{ do: 'tfa-login' }];

/** Advises correcting the key where the key command reads it. */
function atCommand({ command = [] }: ProfileRecord): readonly Advice[] {
  return [
    { do: 'say', text: `Correct the key where the program "${command[0]}" reads it.` },
    { do: 'make-key' },
  ];
}

/** Reads a keychain that is not recorded. A missing keychain counts as empty. */
export async function readUnrecorded(keychain: KeyStore, profile: string): Promise<Lookup> {
  const lookup = await keychain.read(profile);
  return lookup.state === 'unreadable' && lookup.problem.code === 'keychain_missing' ? ABSENT : lookup;
}
