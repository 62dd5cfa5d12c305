import { createHarness, type Harness } from './harness.js';
import { SETTINGS } from './places.js';
import type { RunOptions } from './run.js';
import { type SecretService, type SecretServiceOptions, startSecretService } from './secret-service.js';

/** A harness with a keychain: a real one, unlocked, empty and private to the test. */
export interface KeychainHarness extends Harness {
  readonly keychain: SecretService;
  /** Saves a key for the default profile in a store and records it, as "set api-key" does. */
  keep(storage: 'keychain' | 'file', key: string): Promise<void>;
  /** Returns the settings of the default profile in `config.json`. */
  record(): Promise<{ readonly storage?: string; readonly url?: string } | undefined>;
  /** Returns the output of "auth token": the key or the error. */
  token(...args: string[]): Promise<string>;
}

/**
 * Starts a keychain and a sandbox, and creates a home for the CLI.
 *
 * @param bin the script that starts the CLI
 */
export async function createKeychainHarness(
  bin: string,
  options: SecretServiceOptions = {},
): Promise<KeychainHarness> {
  const keychain = await startSecretService(options);
  const harness = await createHarness(bin);
  // Test homes disable the keychain. Here it is needed, even if the machine is slow.
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
