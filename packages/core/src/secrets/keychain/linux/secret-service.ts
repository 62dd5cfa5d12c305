import type { Environment } from '../../../base/environment.js';
import { KeychainError, refusal } from '../errors.js';
import { type Bus, type BusAnswer, BusError, keychainIsOnBus, withSessionBus } from './dbus-connection.js';

/** `unknown`: this system's keychain cannot be asked. */
export type KeychainState = 'unlocked' | 'locked' | 'absent' | 'unknown';
/** `in memory`: what goes there is gone at log-out. */
export type CollectionState = KeychainState | 'in memory';

const SERVICE = 'org.freedesktop.secrets';
const ROOT = '/org/freedesktop/secrets';
/** Where GNOME's keyring and those that imitate it keep what is to last no longer than the login. */
const SESSION_COLLECTION = `${ROOT}/collection/session`;
/** What `keytar` gives its entries, and looks for. */
const SCHEMA = 'org.freedesktop.Secret.Generic';

const PROPERTIES = 'org.freedesktop.DBus.Properties';
const SERVICE_API = 'org.freedesktop.Secret.Service';
/** Where no service can be started either, the bus says so with one of these. */
const NO_SERVICE = /^org\.freedesktop\.(DBus\.Error\.(ServiceUnknown|NameHasNoOwner|Spawn\.)|systemd1\.)/;

/**
 * Asks whether a profile's entry is there, and whether it can be read now.
 *
 * On Linux the addon says "nothing there" of a locked entry too, so the Secret Service itself is asked
 * first (freedesktop.org's Secret Service API, `SearchItems`: it needs no secret, asks for no password
 * and costs no process). Its answer is also what the addon starts from, so nothing can be missed by it.
 *
 * @throws KeychainError when there is no bus or no service.
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

/** What a search for a profile's entry finds, and its secret where the service gave it at once. */
export interface FoundEntry {
  readonly state: KeychainState;
  readonly secret?: Uint8Array;
}

/**
 * Looks for a profile's entry, and takes its secret where that needs nobody: it is unlocked, and the service gives it over
 * the connection that is open already. That connection leads to this user's own bus, through no network, and the secret is
 * asked of nobody but the one who has the entry. Where anything is answered that is not understood, the secret is
 * left out, and the addon can be asked.
 *
 * @throws KeychainError when there is no bus or no service.
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

/** @param service the unique name of the one who has the item: whoever took its place would not be asked */
async function secretOf(
  bus: Bus,
  item: string,
  service: string | undefined,
  opening: Promise<BusAnswer>,
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

/** Asks for the collection that new entries go to. @throws KeychainError when there is no bus or no service. */
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
 * Asks whether a profile has an entry in another collection than the one that new entries go to. Beside
 * a new one it would stay, and which of the two is read is left to chance.
 *
 * @throws KeychainError when there is no bus or no service.
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
 * Lists the accounts of all entries of this program, in every collection. Names are no secrets: locked entries tell theirs.
 *
 * @throws KeychainError when there is no bus or no service.
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
  /** The unique name of the one who answered. */
  readonly sender: string | undefined;
}

/** @param profile is the one whose entries are looked for; without it, those of all. */
async function search(bus: Bus, profile?: string): Promise<Found> {
  const account: Record<string, string> = profile === undefined ? {} : { account: profile };
  const attributes = { 'xdg:schema': SCHEMA, service: 'vastai', ...account };
  const { values, sender } = await bus.ask(SERVICE, ROOT, `${SERVICE_API}.SearchItems`, attributes);
  const [unlocked, locked] = values;
  if (isPaths(unlocked) && isPaths(locked)) return { unlocked, locked, sender };
  throw new Error('its answer to a search cannot be understood');
}

function isPaths(value: unknown): value is readonly string[] {
  return Array.isArray(value) && value.every((path) => typeof path === 'string');
}

/** Returns the path of the collection with an alias (`default`, `context`); `/` when no collection has it. */
async function collectionNamed(bus: Bus, alias: string): Promise<string> {
  const [path] = await bus.call(SERVICE, ROOT, `${SERVICE_API}.ReadAlias`, alias);
  return typeof path === 'string' ? path : '/';
}

/** Not every service knows the alias. */
async function sessionCollection(bus: Bus): Promise<string | undefined> {
  return collectionNamed(bus, 'session').catch(() => undefined);
}

/** @param otherwise is the answer where the system's keychain is not on a bus. */
async function ask<T>(
  environment: Environment,
  signal: AbortSignal,
  otherwise: T,
  question: (bus: Bus) => Promise<T>,
): Promise<T> {
  if (!keychainIsOnBus()) return otherwise;
  try {
    return await withSessionBus(environment, signal, question);
  } catch (error) {
    if (error instanceof KeychainError) throw error;
    if (error instanceof BusError && NO_SERVICE.test(error.kind)) {
      throw new KeychainError(
        'keychain_missing',
        `No keychain answers on the session bus (${SERVICE}).`,
        error,
      );
    }
    throw refusal(error instanceof Error ? error.message : String(error));
  }
}
