import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { secretServiceInstalled, startSecretService } from '@vastai-cli/testing/secret-service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ApiKey } from '../base/api-key.js';
import { pathsOf } from '../config/paths.js';
import { fileStore } from './file-store.js';
import { keychainStore } from './keychain/store.js';
import type { KeyStore } from './store.js';

interface Opened {
  readonly store: KeyStore;
  close(): Promise<void>;
}

async function openFileStore(): Promise<Opened> {
  const home = await mkdtemp(join(tmpdir(), 'vastai-store-'));
  return { store: fileStore(pathsOf({}, home)), close: () => rm(home, { recursive: true }) };
}

async function openKeychainStore(): Promise<Opened> {
  const service = await startSecretService();
  return {
    store: keychainStore({ environment: service.env, cliRoot, interactive: false }),
    close: service.stop,
  };
}

const stores = [
  { kind: 'file', open: openFileStore, runs: true },
  { kind: 'keychain', open: openKeychainStore, runs: secretServiceInstalled() },
] as const;

function keyOf(text: string): ApiKey {
  const key = ApiKey.parse(text);
  if (typeof key === 'string') throw new Error(key);
  return key;
}

const FIRST = keyOf('first-key-0123456789');
const SECOND = keyOf('second-key-9876543210');

for (const { kind, open, runs } of stores) {
  describe.runIf(runs)(`the ${kind} store`, () => {
    let opened: Opened;
    let store: KeyStore;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
    });
    afterEach(() => opened.close());

    it('has a kind, and a place for each key', () => {
      expect(store.kind).toBe(kind);
      expect(store.locate('work')).toContain('work');
      expect(store.locate('work')).not.toBe(store.locate('default'));
    });

    it('holds nothing at first', async () => {
      expect(await store.read('default')).toEqual({ state: 'absent' });
    });

    it('returns the key that was written', async () => {
      await store.write('default', FIRST);
      expect(await store.read('default')).toMatchObject({ state: 'present', key: FIRST, problems: [] });
      expect(reveal(await store.read('default'))).toBe(FIRST.reveal());
    });

    it('replaces a key', async () => {
      await store.write('default', FIRST);
      await store.write('default', SECOND);
      expect(reveal(await store.read('default'))).toBe(SECOND.reveal());
    });

    it('keeps the keys of profiles apart', async () => {
      await store.write('default', FIRST);
      await store.write('work', SECOND);
      expect(await store.remove('work')).toBe(true);
      expect(await store.read('work')).toEqual({ state: 'absent' });
      expect(reveal(await store.read('default'))).toBe(FIRST.reveal());
    });

    it('removes a key once', async () => {
      await store.write('default', FIRST);
      expect(await store.remove('default')).toBe(true);
      expect(await store.remove('default')).toBe(false);
      expect(await store.read('default')).toEqual({ state: 'absent' });
    });

    it('has no key to remove if none was written', async () => {
      expect(await store.remove('default')).toBe(false);
    });

    it('is probed without a key, and without changing one', async () => {
      await store.probe('default');
      expect(await store.read('default')).toEqual({ state: 'absent' });
      await store.write('default', FIRST);
      await store.probe('default');
      expect(reveal(await store.read('default'))).toBe(FIRST.reveal());
    });

    it.each([
      ['every printable character', String.fromCharCode(...Array.from({ length: 94 }, (_, at) => 33 + at))],
      ['quotes and backslashes', `"'\\$(x)\`%;{}`],
      ['a leading hyphen', '--api-key'],
      ['a single character', 'x'],
      ['200 kB', 'k'.repeat(200_000)],
    ])('keeps a key with %s as it is', async (_, text) => {
      await store.write('default', keyOf(text));
      expect(reveal(await store.read('default'))).toBe(text);
    });

    it('keeps one whole key when several are written at once', async () => {
      const keys = [1, 2, 3, 4].map((number) => keyOf(`key-number-${number}`.repeat(50)));
      await Promise.allSettled(keys.map((key) => store.write('default', key)));
      expect(keys.map((key) => key.reveal())).toContain(reveal(await store.read('default')));
    });
  });
}

function reveal(lookup: Awaited<ReturnType<KeyStore['read']>>): string | undefined {
  return lookup.state === 'present' ? lookup.key.reveal() : undefined;
}
