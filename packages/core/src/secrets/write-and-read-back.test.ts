import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf, revealed } from '../../test/support/keys.js';
import { fileStore } from './file-store.js';
import { isUntouched, type KeyStore } from './store.js';
import { writeAndReadBack } from './write-and-read-back.js';

const home = useHome();
const KEY = keyOf('a-key-0123456789abcdef');
const OTHER = keyOf('b-key-0123456789abcdef');

/** Returns the error of a store of this kind, which keeps another key than it is given. */
async function errorOf(kind: KeyStore['kind'], write: (store: KeyStore) => Promise<unknown>) {
  const store = fileStore(home.paths);
  const lying: KeyStore = { ...store, kind, write: async () => void (await write(store)) };
  return writeAndReadBack(lying, 'work', KEY).catch((error: unknown) => error);
}

describe('a written key', () => {
  it('is read back', async () => {
    const store = fileStore(home.paths);
    await writeAndReadBack(store, 'work', KEY);
    expect(revealed(await store.read('work'))).toBe(KEY.reveal());
  });

  it.each([
    ['another key', (store: KeyStore) => store.write('work', OTHER)],
    ['no key', (store: KeyStore) => store.remove('work')],
    ['an unreadable key', async () => home.put(home.paths.keyFile('work'), 'two words')],
  ])('must not come back as %s', async (_, write) => {
    const message = `${home.paths.keyFile('work')} does not return the key that was just written to it.`;
    expect(await errorOf('file', write)).toMatchObject({
      code: 'storage',
      message,
      advice: [{ do: 'diagnose', purpose: 'Try again, or look for the cause' }],
    });
    expect(await errorOf('keychain', write)).toMatchObject({
      code: 'storage',
      message,
      advice: [{ do: 'save-key', storage: 'file' }],
    });
  });
});

describe('an untouched store', () => {
  it('is reported only by an error that says so', () => {
    expect(isUntouched(Object.assign(new Error(), { untouched: true }))).toBe(true);
    for (const error of [undefined, new Error(), { untouched: 'yes' }])
      expect(isUntouched(error)).toBe(false);
  });
});
