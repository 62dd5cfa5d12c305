import type { Problem } from '../lookup.js';
import { isKeychainError, noCollectionError, sessionCollectionError } from './errors.js';
import { keychainIsOnBus, sessionBusAddress } from './linux/dbus-connection.js';
import { collectionState } from './linux/secret-service.js';
import { withKeychain } from './native/helper-process.js';
import type { KeychainOptions } from './options.js';
import { withinLimit } from './timeout.js';

/** The state of the keychain and of what it needs. */
export interface KeychainHealth {
  /** State of the native addon: `ok` if it is installed and loads. */
  readonly addon: 'ok' | 'failed';
  /** State of the session bus, which connects to Linux keychains. */
  readonly bus: 'ok' | 'missing' | 'not_needed';
  /** State of the keychain on the bus; `unknown` on systems without a bus, where only using it would tell. */
  readonly service: 'ok' | 'failed' | 'unknown';
  /** True if saving a key would need the keychain's password. */
  readonly locked: boolean | 'unknown';
  readonly problems: readonly Problem[];
}

/**
 * Checks each part that the keychain needs. It reads no entry, changes nothing, asks for no password, and gives up after the
 * time limit of a run without a terminal.
 *
 * @throws UsageError if VASTAI_KEYCHAIN_TIMEOUT is not valid.
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
    if (isKeychainError(error)) return error.problem;
    throw error;
  });
}
