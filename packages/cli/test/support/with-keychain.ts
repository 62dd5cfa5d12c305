import {
  type SecretService,
  type SecretServiceOptions,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/core/test/secret-service';
import type { RunOptions } from '@vastai-cli/kit/testing/run';
import { openStage, type Stage } from '@vastai-cli/kit/testing/stage';
import { describe as anyDescribe, it as plainIt } from 'vitest';
import { BIN } from './it.js';
import { SETTINGS } from './places.js';

/** A stage whose home has a keychain: a real one, unlocked and empty, that nothing else uses. */
export interface KeychainStage extends Stage {
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

export const it = plainIt.extend<{ stage: KeychainStage }>({
  stage: async ({ onTestFinished }, use) => {
    const stage = await openKeychainStage();
    onTestFinished(() => stage.close());
    await use(stage);
  },
});

/** @param bin the script that starts the CLI */
export async function openKeychainStage(
  bin: string = BIN,
  options: SecretServiceOptions = {},
): Promise<KeychainStage> {
  const keychain = await startSecretService(options);
  const stage = await openStage(bin);
  // The home of a test leaves keychains alone; here one is meant, however busy the machine is.
  const placed = <More extends { env?: RunOptions['env'] }>(more: More) => ({
    ...more,
    env: { VASTAI_STORAGE: undefined, VASTAI_KEYCHAIN_TIMEOUT: '30', ...keychain.env, ...more.env },
  });
  const vastai: Stage['vastai'] = (args, more = {}) => stage.vastai(args, placed(more));
  return {
    ...stage,
    keychain,
    async keep(storage, key) {
      const profiles = { default: { storage, url: stage.sandbox.url } };
      await stage.home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
      if (storage === 'keychain') await keychain.store('default', key);
      else await stage.saveKey(key);
    },
    record: async () => JSON.parse((await stage.home.read(SETTINGS)) ?? '{}').profiles?.default,
    async token(...args) {
      const { status, stdout, stderr } = await vastai(['auth', 'token', ...args], { printsKey: true });
      return status === 0 ? stdout.trimEnd() : stderr;
    },
    start: (args, more = {}) => stage.start(args, placed(more)),
    vastai,
    onTerminal: (args, more = {}) => stage.onTerminal(args, placed(more)),
    async close() {
      await Promise.all([stage.close(), keychain.stop()]);
    },
  };
}
