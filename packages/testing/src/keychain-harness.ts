import { createHarness, type Harness } from './harness.js';
import { SETTINGS } from './places.js';
import type { RunOptions } from './run.js';
import { type SecretService, type SecretServiceOptions, startSecretService } from './secret-service.js';

/** A harness whose home has a keychain: a real one, unlocked and empty, that nothing else uses. */
export interface KeychainHarness extends Harness {
  readonly keychain: SecretService;
  /** Puts a key of the default profile into a store, and on record there, as "set api-key" does. */
  keep(storage: 'keychain' | 'file', key: string): Promise<void>;
  /** Reads what `config.json` says of the default profile. */
  record(): Promise<{ readonly storage?: string; readonly url?: string } | undefined>;
  /** Returns what "auth token" prints: the key alone, or the error. */
  token(...args: string[]): Promise<string>;
}

/**
 * Starts a keychain, an API and a home with the CLI in it.
 *
 * @param bin the script that starts the CLI
 */
export async function createKeychainHarness(
  bin: string,
  options: SecretServiceOptions = {},
): Promise<KeychainHarness> {
  const keychain = await startSecretService(options);
  const harness = await createHarness(bin);
  // The home of a test leaves keychains alone; here one is meant, however busy the machine is.
  const placed = <More extends { env?: RunOptions['env'] }>(more: More) => ({
    ...more,
    env: { VASTAI_STORAGE: undefined, VASTAI_KEYCHAIN_TIMEOUT: '30', ...keychain.env, ...more.env },
  });
  const vastai: Harness['vastai'] = (args, more = {}) => harness.vastai(args, placed(more));
  return {
    ...harness,
    keychain,
    async keep(storage, key) {
      const profiles = { default: { storage, url: harness.sandbox.url } };
      await harness.home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
      if (storage === 'keychain') await keychain.store('default', key);
      else await harness.saveKey(key);
    },
    record: async () => JSON.parse((await harness.home.read(SETTINGS)) ?? '{}').profiles?.default,
    async token(...args) {
      const { status, stdout, stderr } = await vastai(['auth', 'token', ...args], { printsKey: true });
      return status === 0 ? stdout.trimEnd() : stderr;
    },
    start: (args, more = {}) => harness.start(args, placed(more)),
    vastai,
    onTerminal: (args, more = {}) => harness.onTerminal(args, placed(more)),
    async close() {
      await Promise.all([harness.close(), keychain.stop()]);
    },
  };
}
