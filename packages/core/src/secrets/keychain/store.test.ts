import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SecretService,
  type SecretServiceOptions,
  type SessionBus,
  secretServiceInstalled,
  startSecretService,
  startSessionBus,
} from '@vastai-cli/testing/secret-service';
import { afterEach, describe, expect, it } from 'vitest';
import { ApiKey } from '../../base/api-key.js';
import { isVastaiError } from '../../base/errors.js';
import type { KeyStore } from '../store.js';
import type { KeychainOptions } from './options.js';
import { keychainStore } from './store.js';

const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-0123456789wxyz');
const LIMIT = { VASTAI_KEYCHAIN_TIMEOUT: '0.5' };

function keyOf(text: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

function storeOf(options: Partial<KeychainOptions>): KeyStore {
  return keychainStore({ environment: {}, cliRoot, interactive: false, ...options });
}

/** Returns the code of a failed read, and expects that the error says how to go on without a keychain. */
async function codeOf(store: KeyStore): Promise<string> {
  const lookup = await store.read('default');
  if (lookup.state !== 'unreadable') return lookup.state;
  expect(lookup.problem.fix).toEqual(
    expect.arrayContaining([
      expect.objectContaining({ do: 'pass-key' }),
      expect.objectContaining({ do: 'save-key', storage: 'file' }),
    ]),
  );
  return lookup.problem.code;
}

async function messageOf(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(isVastaiError(error) && error.code).toBe('storage');
  return isVastaiError(error) ? error.message : '';
}

/** Expects that everything that needs the keychain fails in time, for the same reason. */
async function expectAllToFail(store: KeyStore, code: string, reason: RegExp): Promise<void> {
  expect(await codeOf(store)).toBe(code);
  expect(await messageOf(store.probe('default'))).toMatch(reason);
  expect(await messageOf(store.write('default', NEW))).toMatch(reason);
  expect(await messageOf(store.remove('default'))).toMatch(reason);
}

describe('a keychain without a session bus', () => {
  it('is missing, whatever is asked of it', async () => {
    await expectAllToFail(storeOf({}), 'keychain_missing', /no D-Bus session/);
  });

  it('is missing where the runtime folder has no bus in it', async () => {
    expect(await codeOf(storeOf({ environment: { XDG_RUNTIME_DIR: cliRoot } }))).toBe('keychain_missing');
  });

  it.each([
    'unix:path=/nonexistent/bus',
    'unix:path=/a%00b',
    'tcp:host=localhost,port=1',
    'unix:',
    ';;',
    'nonsense',
  ])('is missing at the address %s', async (DBUS_SESSION_BUS_ADDRESS) => {
    expect(await codeOf(storeOf({ environment: { DBUS_SESSION_BUS_ADDRESS } }))).toBe('keychain_missing');
  });
});

describe('the time limit of a keychain', () => {
  it.each(['0', '-1', 'soon', '1e3', '86401', 'Infinity', '3 s'])(
    'is not %s',
    async (VASTAI_KEYCHAIN_TIMEOUT) => {
      const store = storeOf({ environment: { VASTAI_KEYCHAIN_TIMEOUT } });
      await expect(store.read('default')).rejects.toMatchObject({
        code: 'usage',
        message: /VASTAI_KEYCHAIN_TIMEOUT/,
      });
    },
  );
});

describe.runIf(secretServiceInstalled())('a keychain on a session bus', () => {
  const stops: (() => Promise<void>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0)) await stop();
  });

  async function started<T extends SessionBus>(starting: Promise<T>): Promise<T> {
    const bus = await starting;
    stops.push(bus.stop);
    return bus;
  }

  async function serviceWithOldKey(options: SecretServiceOptions = {}): Promise<SecretService> {
    const service = await started(startSecretService(options));
    await storeOf({ environment: service.env }).write('default', OLD);
    return service;
  }

  async function expectOldKey(service: SecretService): Promise<void> {
    expect(await storeOf({ environment: service.env }).read('default')).toMatchObject({
      state: 'present',
      key: OLD,
    });
    expect(await service.lookup('default')).toBe(OLD.reveal());
  }

  it('shares its entries with secret-tool, both ways', async () => {
    const service = await serviceWithOldKey();
    expect(await service.lookup('default')).toBe(OLD.reveal());
    await service.store('work', NEW.reveal());
    expect(await storeOf({ environment: service.env }).read('work')).toMatchObject({
      state: 'present',
      key: NEW,
    });
  });

  it('is missing if no service responds', async () => {
    const bus = await started(startSessionBus());
    await expectAllToFail(storeOf({ environment: bus.env }), 'keychain_missing', /No keychain responds/);
  });

  it('is missing where the addon is not installed, but what is in it can be read', async () => {
    const service = await serviceWithOldKey();
    const store = storeOf({ environment: service.env, cliRoot: '/nonexistent' });
    expect(await messageOf(store.probe('default'))).toMatch(/addon .* not installed/);
    expect(await messageOf(store.write('default', NEW))).toMatch(/addon .* not installed/);
    expect(await messageOf(store.remove('default'))).toMatch(/addon .* not installed/);
    expect(await store.read('default')).toMatchObject({ state: 'present', key: OLD });
    expect(await store.read('other')).toEqual({ state: 'absent' });
    expect(await store.remove('other')).toBe(false);
    await expectOldKey(service);
  });

  it('reports immediately that it is locked, and keeps the old key', async () => {
    const service = await serviceWithOldKey();
    await service.lock();
    const store = storeOf({ environment: service.env });
    await expectAllToFail(store, 'keychain_locked', /is locked/);
    expect(await store.read('other')).toEqual({ state: 'absent' });
    await service.unlock();
    await expectOldKey(service);
  });

  it('reports that it is locked if nothing can ask for its password', async () => {
    const service = await serviceWithOldKey();
    await service.lock();
    await expectAllToFail(
      storeOf({ environment: service.env, interactive: true }),
      'keychain_locked',
      /is locked/,
    );
    await service.unlock();
    await expectOldKey(service);
  });

  it('times out if nobody types its password, and keeps the old key', async () => {
    const service = await serviceWithOldKey({ prompter: 'silent' });
    await service.lock();
    const store = storeOf({ environment: { ...service.env, ...LIMIT }, interactive: true });
    await expectAllToFail(store, 'keychain_timeout', /did not respond within 0\.5 s|is locked/);
    await service.unlock();
    await expectOldKey(service);
  });

  it('times out if its service hangs, and keeps the old key', async () => {
    const service = await serviceWithOldKey();
    service.freeze();
    const store = storeOf({ environment: { ...service.env, ...LIMIT } });
    await expectAllToFail(store, 'keychain_timeout', /did not respond within 0\.5 s/);
    service.thaw();
    await expectOldKey(service);
  });

  it('tells a person at a terminal once that it takes long', async () => {
    const service = await serviceWithOldKey();
    service.freeze();
    const notices: string[] = [];
    const notify = (message: string) => notices.push(message);
    const environment = { ...service.env, VASTAI_KEYCHAIN_TIMEOUT: '1.3' };
    await storeOf({ environment, interactive: true, notify }).read('default');
    await storeOf({ environment, interactive: false, notify }).read('default');
    expect(notices).toEqual([expect.stringMatching(/Waiting for the keychain/)]);
  });

  it('cannot take a key before the first log-in', async () => {
    const service = await started(startSecretService({ collection: 'none' }));
    for (const interactive of [false, true]) {
      const store = storeOf({ environment: service.env, interactive });
      expect(await store.read('default')).toEqual({ state: 'absent' });
      expect(await store.remove('default')).toBe(false);
      expect(await messageOf(store.probe('default'))).toMatch(/no default collection/);
      expect(await messageOf(store.write('default', NEW))).toMatch(/no default collection/);
    }
  });

  it('cannot take a key if its default collection is in memory', async () => {
    const service = await serviceWithOldKey();
    await service.setDefault('session');
    for (const interactive of [false, true]) {
      const store = storeOf({ environment: service.env, interactive });
      expect(await messageOf(store.probe('default'))).toMatch(/only in memory/);
      expect(await messageOf(store.write('default', NEW))).toMatch(/only in memory/);
    }
    // Existing entries can be read and removed.
    await expectOldKey(service);
    expect(await storeOf({ environment: service.env }).remove('default')).toBe(true);
    await service.setDefault('login');
    await storeOf({ environment: service.env }).write('default', NEW);
    expect(await service.lookup('default')).toBe(NEW.reveal());
  });

  it('is found by the socket in the runtime folder alone', async () => {
    const service = await serviceWithOldKey();
    const { XDG_RUNTIME_DIR } = service.env;
    await service.publishSocket();
    expect(await storeOf({ environment: { XDG_RUNTIME_DIR } }).read('default')).toMatchObject({ key: OLD });
  });

  it('does not take another entry for a key', async () => {
    const service = await started(startSecretService());
    const store = storeOf({ environment: service.env });
    await service.store('words', 'two words');
    await service.store('escape', 'key\u001b[2J');
    await service.store('binary', Uint8Array.of(0x6b, 0xff, 0xfe, 0x6b));
    for (const account of ['words', 'escape', 'binary']) {
      expect(await store.read(account)).toMatchObject({
        state: 'unreadable',
        problem: { code: 'not_a_key' },
      });
    }
  });

  it('does not save a second key next to one in another collection, and removes both', async () => {
    const service = await started(startSecretService());
    const store = storeOf({ environment: service.env });
    await service.store('default', OLD.reveal(), 'session');
    expect(await messageOf(store.write('default', NEW))).toMatch(/Another collection /);
    await expectOldKey(service);
    await service.store('default', NEW.reveal());
    expect(await store.remove('default')).toBe(true);
    expect(await store.read('default')).toEqual({ state: 'absent' });
    await store.write('default', OLD);
    await expectOldKey(service);
  });

  it('leaves nothing after a probe', async () => {
    const service = await started(startSecretService());
    await storeOf({ environment: service.env }).probe('default');
    expect(await service.lookup('(probe)')).toBeUndefined();
    expect(await service.lookup('default')).toBeUndefined();
  });

  it('can be probed by several programs at once', async () => {
    const service = await started(startSecretService());
    const store = storeOf({ environment: service.env });
    await expect(Promise.all([1, 2, 3].map(() => store.probe('default')))).resolves.toHaveLength(3);
  });
});
