import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import type { ApiKey } from '../base/api-key.js';
import { acquireKey } from '../context/acquire-key.js';
import type { Context } from './context.js';
import { chooseSessionStore, saveSession } from './session.js';
import { lookUpSession, type SessionLookup } from './session-lookup.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const SESSION = keyOf('session-one-0123456789');
const LATER = keyOf('session-two-9876543210');

/** Logs in with the key of a context: saves a session as `tfa login` does. */
async function logIn(context: Context) {
  const found = await acquireKey(context, { withSession: false });
  return saveSession(context, await chooseSessionStore(context, found), found, SESSION);
}

describe('a session of which a save was cut off', () => {
  beforeEach(() => home.put(home.paths.keyFile('default'), KEY.reveal()));

  it.each([
    [
      'another key',
      async () => {
        await logIn(await home.context());
        home.put(home.paths.keyFile('default'), 'another-key-0123456789');
      },
    ],
    ['another API', async () => logIn(await home.context({ VAST_URL: 'http://127.0.0.1:1' }))],
    ['nobody knows what', async () => home.put(home.paths.sessionFile('default'), SESSION.reveal())],
  ])('is never the old one of %s, wherever the save is cut off', async (_, before) => {
    await before();
    const context = await home.context();
    const found = await acquireKey(context, { withSession: false });
    const store = await chooseSessionStore(context, found);
    const atTheCut: SessionLookup[] = [];
    const cut = {
      ...store,
      async write(name: string, key: ApiKey) {
        atTheCut.push(await lookUpSession(await home.context(), found));
        await store.write(name, key);
      },
    };
    await saveSession(context, cut, found, LATER);
    expect(atTheCut.map(({ state }) => state)).toEqual(['gone']);
    const { session } = await acquireKey(await home.context());
    expect(session?.key.reveal()).toBe(LATER.reveal());
  });
});
