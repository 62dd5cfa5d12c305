import type { Environment } from '../../../base/environment.js';
import { isKeychainError, KeychainError, keychainError } from '../errors.js';
import { type Bus, BusError, type BusResponse, keychainIsOnBus, withSessionBus } from './dbus-connection.js';

/** The state of an entry or a keychain. `unknown`: this system's keychain is not on a bus. */
export type KeychainState = 'unlocked' | 'locked' | 'absent' | 'unknown';
/** The state of a collection. `in memory`: its entries are lost at log-out. */
export type CollectionState = KeychainState | 'in memory';

const SERVICE = 'org.freedesktop.secrets';
const ROOT = '/org/freedesktop/secrets';
/** Collection in which GNOME Keyring and compatible services keep entries until log-out. */
const SESSION_COLLECTION = `${ROOT}/collection/session`;
/** Schema of the entries that `keytar` writes and reads. */
const SCHEMA = 'org.freedesktop.Secret.Generic';

const PROPERTIES = 'org.freedesktop.DBus.Properties';
const SERVICE_API = 'org.freedesktop.Secret.Service';
/** Matches the errors of a bus on which no keychain runs and none can be started. */
const NO_SERVICE = /^org\.freedesktop\.(DBus\.Error\.(ServiceUnknown|NameHasNoOwner|Spawn\.)|systemd1\.)/;

/**
 * Returns the state of a profile's entry: whether it exists, and can be read now.
 *
 * On Linux, the addon reports a locked entry as missing, so this asks the Secret Service itself (freedesktop.org's Secret
 * Service API, `SearchItems`), which needs neither a password nor a process. The addon searches in the same way, so both find
 * the same entries.
 *
 * @throws KeychainError if the bus or the service is missing.
 */
export async function entryState(
  environment: Environment,
  profile: string,
  signal: AbortSignal,
): Promise<KeychainState> {
  return ask<KeychainState>(environment, signal, 'unknown', async (bus) => {
    const { unlocked, locked } = await search(bus, profile);
    if (unlocked.length > 0) return 'unlocked';
    return locked.length > 0 ? 'locked' : 'absent';
  });
}

/** The state of an entry, with its secret if the service returned it. */
export interface FoundEntry {
  readonly state: KeychainState;
  readonly secret?: Uint8Array;
}

/**
 * Finds a profile's entry, and reads its secret if it is unlocked, over the connection that is already open. That connection
 * goes to this user's own bus and not over a network, and only the service that has the entry is asked for the secret. If a
 * response cannot be understood, the result has no secret, and the addon can be asked.
 *
 * @throws KeychainError if the bus or the service is missing.
 */
export async function findEntry(
  environment: Environment,
  profile: string,
  signal: AbortSignal,
): Promise<FoundEntry> {
  return ask<FoundEntry>(environment, signal, { state: 'unknown' }, async (bus) => {
    const opening = bus.ask(SERVICE, ROOT, `${SERVICE_API}.OpenSession`, 'plain', ['variant', '']);
    opening.catch(() => {});
    const { unlocked, locked, sender } = await search(bus, profile);
    const [item] = unlocked;
    if (item === undefined) return { state: locked.length > 0 ? 'locked' : 'absent' };
    const secret = await secretOf(bus, item, sender, opening).catch(() => undefined);
    return { state: 'unlocked', ...(secret === undefined ? {} : { secret }) };
  });
}

/** Reads the secret of an item. @param service unique name of the service that has it; no other service is asked */
async function secretOf(
  bus: Bus,
  item: string,
  service: string | undefined,
  opening: Promise<BusResponse>,
): Promise<Uint8Array | undefined> {
  const { values, sender } = await opening;
  const session = values[1];
  if (service === undefined || sender !== service || typeof session !== 'string') return undefined;
  const answer = await bus.ask(service, item, 'org.freedesktop.Secret.Item.GetSecret', ['object', session]);
  const [secret] = answer.values;
  if (answer.sender !== service || !Array.isArray(secret)) return undefined;
  const [ofSession, , value] = secret;
  return ofSession === session && Buffer.isBuffer(value) ? value : undefined;
}

/** Returns the state of the collection for new entries. @throws KeychainError if the bus or the service is missing. */
export async function collectionState(
  environment: Environment,
  signal: AbortSignal,
): Promise<CollectionState> {
  return ask<CollectionState>(environment, signal, 'unknown', async (bus) => {
    const path = await collectionNamed(bus, 'default');
    if (path === '/') return 'absent';
    if (path === SESSION_COLLECTION || path === (await sessionCollection(bus))) return 'in memory';
    const collection = 'org.freedesktop.Secret.Collection';
    const [locked] = await bus.call(SERVICE, path, `${PROPERTIES}.Get`, collection, 'Locked');
    return locked === false ? 'unlocked' : 'locked';
  });
}

/**
 * Returns true if a profile has an entry in a collection other than the one for new entries. After a save, either of the two
 * entries could be read.
 *
 * @throws KeychainError if the bus or the service is missing.
 */
export async function hasStrayEntry(
  environment: Environment,
  profile: string,
  signal: AbortSignal,
): Promise<boolean> {
  return ask(environment, signal, false, async (bus) => {
    const folder = `${await collectionNamed(bus, 'default')}/`;
    const { unlocked, locked } = await search(bus, profile);
    return [...unlocked, ...locked].some((path) => !path.startsWith(folder));
  });
}

/**
 * Lists the accounts of all entries of vastai, in every collection, including locked ones: names are not secret.
 *
 * @throws KeychainError if the bus or the service is missing.
 */
export async function entryAccounts(environment: Environment, signal: AbortSignal): Promise<string[]> {
  return ask<string[]>(environment, signal, [], async (bus) => {
    const { unlocked, locked } = await search(bus);
    const accounts: string[] = [];
    for (const path of [...unlocked, ...locked]) {
      const item = 'org.freedesktop.Secret.Item';
      const [attributes] = await bus.call(SERVICE, path, `${PROPERTIES}.Get`, item, 'Attributes');
      const account = (attributes as Readonly<Record<string, unknown>> | undefined)?.account;
      if (typeof account === 'string') accounts.push(account);
    }
    return accounts;
  });
}

interface Found {
  readonly unlocked: readonly string[];
  readonly locked: readonly string[];
  /** Unique name of the service that responded. */
  readonly sender: string | undefined;
}

/** Searches for entries. @param profile the profile to search for; by default, every profile */
async function search(bus: Bus, profile?: string): Promise<Found> {
  const account: Record<string, string> = profile === undefined ? {} : { account: profile };
  const attributes = { 'xdg:schema': SCHEMA, service: 'vastai', ...account };
  const { values, sender } = await bus.ask(SERVICE, ROOT, `${SERVICE_API}.SearchItems`, attributes);
  const [unlocked, locked] = values;
  if (isPaths(unlocked) && isPaths(locked)) return { unlocked, locked, sender };
  throw new Error('its response to a search cannot be understood');
}

function isPaths(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string');
}

/** Returns the path of the collection with an alias (`default`, `session`); `/` if no collection has it. */
async function collectionNamed(bus: Bus, alias: string): Promise<string> {
  const [path] = await bus.call(SERVICE, ROOT, `${SERVICE_API}.ReadAlias`, alias);
  return typeof path === 'string' ? path : '/';
}

/** Returns the path of the collection in memory; `undefined` if the service does not know the alias. */
async function sessionCollection(bus: Bus): Promise<string | undefined> {
  return collectionNamed(bus, 'session').catch(() => undefined);
}

/** Asks the Secret Service. @param otherwise the result on systems whose keychain is not on a bus */
async function ask<T>(
  environment: Environment,
  signal: AbortSignal,
  otherwise: T,
  question: (bus: Bus) => Promise<T>,
): Promise<T> {
  if (!keychainIsOnBus()) return otherwise;
  try {
    return await withSessionBus(environment, signal, async (bus) => {
      await introduce(bus);
      return question(bus);
    });
  } catch (error) {
    if (isKeychainError(error)) throw error;
    if (error instanceof BusError && NO_SERVICE.test(error.kind)) {
      throw new KeychainError(
        'keychain_missing',
        `No keychain responds on the D-Bus session bus (${SERVICE}).`,
        error,
      );
    }
    throw keychainError(error instanceof Error ? error.message : String(error));
  }
}

/**
 * Makes the service know this connection: asks for an alias that no collection has, and waits for the response.
 *
 * gnome-keyring registers a caller while it handles something else, so the first call can come before that. Most calls of an
 * unregistered caller are answered as if an entry were locked or missing, or make the service abort, which locks every
 * keyring of the user (seen in version 42, reported for 50). This call is harmless, and by its response we are registered.
 */
async function introduce(bus: Bus): Promise<void> {
  await collectionNamed(bus, 'vastai').catch((error: unknown) => {
    // Services need not know aliases, but there has to be a service.
    if (!(error instanceof BusError) || NO_SERVICE.test(error.kind)) throw error;
  });
}
