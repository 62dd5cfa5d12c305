import {
  type SecretService,
  type SecretServiceOptions,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/core/test/secret-service';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import type { RunOptions } from '@vastai-cli/testing/run';
import { describe as anyDescribe, it as plainIt } from 'vitest';
import { BIN } from './it.js';
import { SETTINGS } from './places.js';

/** A stage whose home has a keychain: a real one, unlocked and empty, that nothing else uses. */
export interface KeychainStage extends Harness {
  readonly keychain: SecretService;
  /** Puts a key of the default profile into a store, and on record there, as "set api-key" does. */
  keep(storage: 'keychain' | 'file', key: string): Promise<void>;
  /** What `config.json` says of the default profile. */
  record(): Promise<{ readonly storage?: string; readonly url?: string } | undefined>;
  /** What "auth token" prints: the key alone, or the error. */
  token(...args: string[]): Promise<string>;
}

/** Describes what needs a keychain and something else; skipped by name where either is missing. */
export const describeIf = (somethingElse: boolean) =>
  anyDescribe.runIf(secretServiceInstalled() && somethingElse).concurrent;

/** Describes what needs a keychain; skipped by name where no Secret Service can be started. */
export const describe = describeIf(true);

export const it = plainIt.extend<{ harness: KeychainStage }>({
  harness: async ({ onTestFinished }, use) => {
    const harness = await openKeychainStage();
    onTestFinished(() => harness.close());
    await use(harness);
  },
});

/** @param bin the script that starts the CLI */
export async function openKeychainStage(
  bin: string = BIN,
  options: SecretServiceOptions = {},
): Promise<KeychainStage> {
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
