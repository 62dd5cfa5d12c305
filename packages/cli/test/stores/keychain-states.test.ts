import { describe } from '@vastai-cli/testing/checkout/keychain';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createKeychainHarness, type KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import type { SecretService, SecretServiceOptions } from '@vastai-cli/testing/secret-service';
import { startSessionBus } from '@vastai-cli/testing/secret-service';
import { expect, it } from 'vitest';
import { cliWithoutAddon } from '../support/cli-without-addon.js';

/** A way in which a keychain does not give a key. */
interface Trouble {
  readonly what: string;
  /** Brings it about; gives the variables with which programs run from then on. */
  cause(keychain: SecretService, onEnd: OnEnd): Promise<Env> | Env;
  /** The reason that the messages give. */
  readonly reason: RegExp;
  /** The exit status where no key is anywhere, and nothing says that the keychain has one. */
  readonly withoutKey: 3 | 9;
  /** The same where the keychain has one that is not on record. */
  readonly withUnrecordedKey: 0 | 3 | 9;
  readonly bin?: 'without addon';
  /** True if the key can still be read. */
  readonly isRead?: true;
  readonly options?: SecretServiceOptions;
}

type Env = Readonly<Record<string, string | undefined>>;
type OnEnd = (end: () => Promise<void>) => void;

const TROUBLES: readonly Trouble[] = [
  {
    what: 'is locked',
    cause: (keychain) => keychain.lock().then(() => ({})),
    reason: /The keychain is locked/,
    withoutKey: 3,
    withUnrecordedKey: 9,
  },
  {
    what: 'hangs',
    cause(keychain) {
      keychain.freeze();
      return { VASTAI_KEYCHAIN_TIMEOUT: '0.5' };
    },
    reason: /did not respond within 0\.5 s/,
    withoutKey: 9,
    withUnrecordedKey: 9,
  },
  {
    what: 'has no session bus',
    cause: () => ({ DBUS_SESSION_BUS_ADDRESS: undefined }),
    reason: /no D-Bus session/,
    withoutKey: 3,
    withUnrecordedKey: 3,
  },
  {
    what: 'has no service on the bus',
    async cause(_keychain, onEnd) {
      const bus = await startSessionBus();
      onEnd(bus.stop);
      return { ...bus.env };
    },
    reason: /No keychain responds on the D-Bus session bus/,
    withoutKey: 3,
    withUnrecordedKey: 3,
  },
  {
    what: 'has no addon',
    cause: () => ({}),
    reason: /addon \(keytar\) is not installed/,
    withoutKey: 3,
    withUnrecordedKey: 0,
    bin: 'without addon',
    isRead: true,
  },
];

const RECORDED = { version: 1, profiles: { default: { storage: 'keychain' } } };
const WAY_OUT = /VAST_API_KEY.*--storage file/s;

describe.each(TROUBLES)('where the keychain $what', (trouble) => {
  const { cause, reason, bin, options, withoutKey, withUnrecordedKey, isRead } = trouble;

  /** A stage on which the trouble is there already, after `prepare`. */
  async function troubled(onEnd: OnEnd, prepare: (harness: KeychainHarness) => Promise<unknown>) {
    const cli = bin === undefined ? undefined : await cliWithoutAddon();
    if (cli !== undefined) onEnd(cli.remove);
    const harness = await createKeychainHarness(cli?.bin ?? BIN, options);
    onEnd(harness.close);
    await prepare(harness);
    const env = await cause(harness.keychain, onEnd);
    const vastai: KeychainHarness['vastai'] = (args, more) => harness.vastai(args, { ...more, env });
    return { ...harness, vastai };
  }

  const title = isRead
    ? 'a key that is on record there is sent, and no other'
    : 'a key that is on record there stops the command, which says the way out';
  it(title, async ({ onTestFinished }) => {
    const { vastai, home, sandbox, asked } = await troubled(onTestFinished, async (harness) => {
      await harness.home.write(SETTINGS, JSON.stringify(RECORDED));
      // Nothing else is taken in its place: neither a copy in a file nor the legacy file.
      await harness.home.write(KEY_FILE, harness.sandbox.key);
      await harness.home.write('.vast_api_key', harness.sandbox.key);
      await harness.keychain.store('default', await harness.unknownKey());
    });
    const ran = await vastai(['show', 'user', '--json']);
    if (isRead) {
      expect(ran.status).toBe(4);
      expect(asked()).toHaveLength(1);
      return;
    }
    expect(ran.status).toBe(9);
    const { error } = ran.json();
    expect(error.code).toBe('storage');
    expect(error.message).toMatch(reason);
    expect(error.hint).toMatch(WAY_OUT);
    const report = await vastai(['auth', 'status', '--json']);
    expect(report.status).toBe(9);
    expect(report.json()).toMatchObject({ active: null, state: 'unreadable' });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(asked()).toEqual([]);
  });

  it('a key that is not on record there is looked for, no more', async ({ onTestFinished }) => {
    const empty = await troubled(onTestFinished, async () => {});
    expect((await empty.vastai(['auth', 'token'])).status).toBe(withoutKey);
    const filled = await troubled(onTestFinished, ({ keychain, sandbox }) =>
      keychain.store('default', sandbox.key),
    );
    const ran = await filled.vastai(['auth', 'token'], { printsKey: true });
    expect(ran.status).toBe(withUnrecordedKey);
  });

  it('set api-key --storage keychain fails, before the API is asked, and keeps the old key', async ({
    onTestFinished,
  }) => {
    const { vastai, home, sandbox, asked } = await troubled(onTestFinished, (harness) => harness.saveKey());
    const ran = await vastai(['set', 'api-key', '-', '--storage', 'keychain'], { input: 'a-new-key-0123' });
    expect(ran.status).toBe(9);
    expect(ran.stderr).toMatch(reason);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read(SETTINGS)).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  it('set api-key takes the file by itself, and says why', async ({ onTestFinished }) => {
    const { vastai, home, sandbox } = await troubled(onTestFinished, async ({ saveKey, unknownKey }) =>
      saveKey(await unknownKey()),
    );
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(`in ${home.at(KEY_FILE)}`);
    expect(ran.stderr).toMatch(reason);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles.default.storage).toBe('file');
  });
});

describe('a keychain that waits for its password', () => {
  it('does not hold up a command at a terminal for longer than the limit', async ({ onTestFinished }) => {
    const harness = await createKeychainHarness(BIN, { prompter: 'silent' });
    onTestFinished(harness.close);
    await harness.home.write(SETTINGS, JSON.stringify(RECORDED));
    await harness.keychain.store('default', harness.sandbox.key);
    await harness.keychain.lock();
    const session = harness.onTerminal(['show', 'user'], { env: { VASTAI_KEYCHAIN_TIMEOUT: '1.5' } });
    await session.see('Waiting for the keychain');
    const { status, screen } = await session.ended;
    expect(status).toBe(9);
    expect(screen).toMatch(/did not respond within 1\.5 s/);
    await harness.keychain.unlock();
    expect((await harness.vastai(['show', 'user'])).status).toBe(0);
  });
});

describe('the key in a keychain that is well again', () => {
  it.for(['is locked', 'hangs'])(
    'is the old one, after it %s and nothing else worked',
    async (what, { onTestFinished }) => {
      const harness = await createKeychainHarness(BIN);
      onTestFinished(harness.close);
      const { vastai, keychain, sandbox, unknownKey } = harness;
      const next = await unknownKey();
      await vastai(['set', 'api-key', sandbox.key]);
      if (what === 'hangs') keychain.freeze();
      else await keychain.lock();
      const env = { VASTAI_KEYCHAIN_TIMEOUT: '0.5' };
      for (const args of [
        ['set', 'api-key', next, '--storage', 'keychain', '--no-verify'],
        ['unset', 'api-key', '--yes'],
        ['config', 'migrate', '--to', 'file'],
        ['reset', 'api-key', '--yes'],
      ]) {
        expect((await vastai(args, { env })).status).toBe(9);
      }
      if (what === 'hangs') keychain.thaw();
      else await keychain.unlock();
      expect(await keychain.lookup('default')).toBe(sandbox.key);
      expect((await vastai(['show', 'user'])).status).toBe(0);
    },
  );
});
