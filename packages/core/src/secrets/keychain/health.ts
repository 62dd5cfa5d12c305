import type { Problem } from '../lookup.js';
import { KeychainError, noCollectionError, sessionCollectionError } from './errors.js';
import { keychainIsOnBus, sessionBusAddress } from './linux/dbus-connection.js';
import { collectionState } from './linux/secret-service.js';
import { withKeychain } from './native/helper-process.js';
import type { KeychainOptions } from './options.js';
import { withinLimit } from './timeout.js';

/** What can be said of the keychain without using it. */
export interface KeychainHealth {
  /** Whether the native addon is installed and loads. */
  readonly addon: 'ok' | 'failed';
  /** The session bus, through which Linux keychains are reached. */
  readonly bus: 'ok' | 'missing' | 'not_needed';
  /** Whether a keychain answers on the bus; `unknown` where none is needed, since only a use would tell. */
  readonly service: 'ok' | 'failed' | 'unknown';
  /** Whether new keys would have to wait for the keychain's password. */
  readonly locked: boolean | 'unknown';
  readonly problems: readonly Problem[];
}

/**
 * Looks at each part that the keychain needs. Reads no entry, changes nothing, asks for no password, and
 * gives up after the time limit of a run without a terminal.
 *
 * @throws UsageError for a VASTAI_KEYCHAIN_TIMEOUT that is not a time.
 */
export async function keychainHealth(options: KeychainOptions): Promise<KeychainHealth> {
  const { environment } = options;
  const quick: KeychainOptions = { ...options, interactive: false };
  const problems: Problem[] = [];
  const [addon, state] = await Promise.all([
    orProblem(
      withinLimit(quick, (signal, limitMs) =>
        withKeychain(quick, signal, limitMs, async () => 'ok' as const),
      ),
    ),
    orProblem(withinLimit(quick, (signal) => collectionState(environment, signal))),
  ]);
  if (addon !== 'ok') problems.push(addon);
  if (typeof state !== 'string') problems.push(state);
  if (state === 'absent') problems.push(noCollectionError().problem);
  if (state === 'in memory') problems.push(sessionCollectionError().problem);
  return {
    addon: addon === 'ok' ? 'ok' : 'failed',
    bus: !keychainIsOnBus() ? 'not_needed' : sessionBusAddress(environment) === undefined ? 'missing' : 'ok',
    service: typeof state !== 'string' ? 'failed' : state === 'unknown' ? 'unknown' : 'ok',
    locked: typeof state !== 'string' || state === 'unknown' ? 'unknown' : state === 'locked',
    problems,
  };
}

async function orProblem<T>(work: Promise<T>): Promise<T | Problem> {
  return work.catch((error) => {
    if (error instanceof KeychainError) return error.problem;
    throw error;
  });
}
