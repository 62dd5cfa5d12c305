import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  type Relay,
  replaced,
  startRelay,
  withoutPlainSessions,
} from '../../../../test/support/bus-relay.js';
import { countingAddon } from '../../../../test/support/counting-addon.js';
import { keyOf } from '../../../../test/support/keys.js';
import { keychainStore } from '../store.js';

const KEY = 'hidden-key-0123456789abcdef';
const NO_ADDON = '/nonexistent';

describe.runIf(secretServiceInstalled())('a key in a Secret Service', () => {
  let service: SecretService;
  let relays: Relay[];
  beforeEach(async () => {
    relays = [];
    service = await startSecretService();
  });
  afterEach(async () => {
    for (const relay of relays) await relay.stop();
    await service.stop();
  });

  async function through(starting: Promise<Relay>): Promise<Relay> {
    const relay = await starting;
    relays.push(relay);
    return relay;
  }

  const storeAt = ({ env }: Pick<SecretService, 'env'>, root = cliRoot) =>
    keychainStore({ environment: env, cliRoot: root, interactive: false });
  const stateAt = async (bus: Pick<SecretService, 'env'>, root?: string) => {
    const lookup = await storeAt(bus, root).read('default');
    return lookup.state === 'present' ? lookup.key.reveal() : lookup.state;
  };

  it('that keytar saved is read over the bus, without another process', async () => {
    await storeAt(service).write('default', keyOf(KEY));
    await storeAt(service).write('work', keyOf('key-of-work-0123456789'));
    expect(await stateAt(service, NO_ADDON)).toBe(KEY);
  });

  it('that another program saved is read over the bus', async () => {
    await service.store('default', ` ${KEY}\n`);
    expect(await stateAt(service, NO_ADDON)).toBe(KEY);
  });

  // gnome-keyring registers a new caller while it handles the messages of others. Without the call that waits for it, about
  // one in 2,000 of these readings was told that there is no entry, and then the service aborted.
  it('is found by every one of many short connections at the same time', { timeout: 120_000 }, async () => {
    await service.store('default', KEY);
    const found = new Set<string>();
    const readMany = async () => {
      for (let count = 0; count < 1500; count += 1) found.add(await stateAt(service, NO_ADDON));
    };
    await Promise.all([readMany(), readMany(), readMany(), readMany()]);
    expect([...found]).toEqual([KEY]);
  });

  it('is read through the addon where the service opens no plain session', async () => {
    await service.store('default', KEY);
    const relay = await through(withoutPlainSessions(service));
    expect(await stateAt(relay, NO_ADDON)).toBe('unreadable');
    expect(await stateAt(relay)).toBe(KEY);
  });

  it('in a locked collection is left to the addon, which can ask for its password', async () => {
    await service.store('default', KEY);
    await service.lock();
    const addon = await countingAddon();
    try {
      const store = keychainStore({ environment: service.env, cliRoot: addon.cliRoot, interactive: true });
      expect(await store.read('default')).toMatchObject({ problem: { code: 'keychain_locked' } });
      expect(addon.starts()).toBe(1);
      expect(await stateAt(service, addon.cliRoot)).toBe('unreadable');
      expect(addon.starts()).toBe(1);
    } finally {
      await addon.remove();
    }
  });

  it.each([
    ['names another session than the one that was opened', '/secrets/session/', '/secrets/sessioN/'],
    ['is of a type that is not known', '(oayays)\0', '(oatats)\0'],
    ['is no structure', '(oayays)\0', '(ooooos)\0'],
  ])('is not taken from a response that %s', async (_, from, to) => {
    await service.store('default', KEY);
    let answers = 0;
    const relay = await through(
      startRelay(
        service,
        () => undefined,
        (bytes) => {
          // Two responses name the session: the one that opens it, and the one with the secret.
          if (bytes.includes('(oayays)\0')) return replaced(bytes, from, to);
          answers += 1;
          return bytes;
        },
      ),
    );
    expect(await stateAt(relay, NO_ADDON)).toBe('unreadable');
    expect(answers).toBeGreaterThan(0);
  });

  it('is not taken from anybody but the one who has the entry', async () => {
    await service.store('default', KEY);
    const relay = await through(
      startRelay(
        service,
        () => undefined,
        (bytes) =>
          bytes.includes('(oayays)\0')
            ? Buffer.from(
                bytes.toString('latin1').replace(/(\x07\x01s\0.\0\0\0:1\.)\d/su, (_, before) => `${before}9`),
                'latin1',
              )
            : bytes,
      ),
    );
    expect(await stateAt(relay, NO_ADDON)).toBe('unreadable');
  });

  it('is requested from the connection that found the entry, and from no other', async () => {
    const said: Buffer[] = [];
    const relay = await through(
      startRelay(service, (bytes) => {
        said.push(Buffer.from(bytes));
        return undefined;
      }),
    );
    await storeAt(relay).write('default', keyOf(KEY));
    expect(await stateAt(relay)).toBe(KEY);
    const text = Buffer.concat(said).toString('latin1');
    expect(text).not.toContain(KEY);
    expect(text).not.toContain(Buffer.from(KEY).toString('base64'));
    const [, receiver] = /GetSecret.*?\x06\x01s\0.\0\0\0(:1\.\d+)\0/su.exec(text) ?? [];
    expect(receiver).toMatch(/^:1\.\d+$/u);
  });

  it('is saved with two more processes at most', async () => {
    const addon = await countingAddon();
    try {
      await service.store('default', 'key-from-before-0123456789');
      const store = storeAt(service, addon.cliRoot);
      await store.probe('default');
      const kept = await store.keep('default');
      await store.write('default', keyOf(KEY));
      expect(await store.read('default')).toMatchObject({ state: 'present', key: keyOf(KEY) });
      await kept.letGo();
      expect(addon.starts()).toBe(2);
    } finally {
      await addon.remove();
    }
  });
});
