import { rmSync } from 'node:fs';
import { beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf } from '../../test/support/keys.js';
import { readSettings, recordOf, recordProfile } from '../config/settings.js';
import { acquireKey } from '../context/acquire-key.js';
import { saveKey } from './save.js';
import { sessionOf } from './sent-session.js';
import { chooseSessionStore, saveSession } from './session.js';
import { inspectSources } from './status.js';

const home = useHome();
const KEY = keyOf('own-key-0123456789abcd');
const SESSION = keyOf('session-one-0123456789');
const file = () => home.paths.sessionFile('default');
const record = async () => recordOf(await readSettings(home.paths), 'default');

/** Returns what a run sends in place of its key, without values, and what is said about it. */
async function sent() {
  const context = await home.context();
  const { session, ...said } = await sessionOf(context, await acquireKey(context, { withSession: false }));
  return { ...said, session: session?.key.reveal() };
}

/** Returns what `auth status` says of the key in use: whether it is sent, its session, and its problems. */
async function status() {
  const { sources, winner, blocked } = await inspectSources(await home.context());
  const ofFile = sources.find(({ source }) => source === 'file');
  return {
    active: ofFile?.active,
    session: winner?.session?.key.reveal(),
    problems: ofFile?.problems,
    blocked: blocked?.source,
  };
}

const left = (message: string) => ({
  code: 'session_left',
  message,
  fix: [
    { do: 'tfa-logout', purpose: 'The next command removes it. To do that now' },
    { do: 'tfa-login', purpose: 'Or log in with this key' },
  ],
});

describe('the session that is sent in place of a key', () => {
  beforeEach(async () => {
    home.put(home.paths.keyFile('default'), KEY.reveal());
    const context = await home.context();
    const found = await acquireKey(context);
    await saveSession(context, await chooseSessionStore(context, found), found, SESSION, {
      ends: 1_800_000_000,
    });
  });

  it('is the one saved with the key', async () => {
    expect(await sent()).toEqual({ session: SESSION.reveal(), notes: [], warnings: [] });
    expect(await status()).toEqual({
      active: true,
      session: SESSION.reveal(),
      problems: [],
      blocked: undefined,
    });
    const { session } = await acquireKey(await home.context());
    expect(session).toEqual({ key: session?.key, location: file(), ends: 1_800_000_000 });
  });

  it('is not used for a key from a variable', async () => {
    const context = await home.context({ VAST_API_KEY: KEY.reveal() });
    expect((await acquireKey(context)).session).toBeUndefined();
    expect((await inspectSources(context)).winner?.session).toBeUndefined();
  });

  it('is not used for another API', async () => {
    const note = (await record())?.tfa_session;
    if (note === undefined) throw new Error('no session');
    await recordProfile(home.paths, 'default', { tfa_session: { ...note, url: 'https://staging.example' } });
    expect(await sent()).toEqual({ session: undefined, notes: [], warnings: [] });
    expect(await status()).toMatchObject({ active: true, session: undefined, problems: [] });
    expect(await record()).toHaveProperty('tfa_session');
  });

  it('is removed if it belongs to a different key', async () => {
    home.put(home.paths.keyFile('default'), 'another-key-0123456789wxyz');
    expect(await status()).toEqual({
      active: true,
      session: undefined,
      problems: [left(`The two-factor session in ${file()} is not sent: it belongs to another key.`)],
      blocked: undefined,
    });
    expect(await sent()).toEqual({
      session: undefined,
      notes: [
        'The two-factor session of profile "default" was removed: it belongs to a different key from …wxyz.',
      ],
      warnings: [],
    });
    expect(await record()).toBeUndefined();
    expect(Object.keys(await home.files())).toEqual([
      '.config/vastai/config.json',
      '.config/vastai/vast_api_key',
    ]);
  });

  it('is forgotten if it is gone', async () => {
    home.put(file(), '');
    expect(await status()).toMatchObject({
      active: true,
      problems: [left(`The two-factor session is no longer in ${file()}.`)],
    });
    expect(await sent()).toEqual({
      session: undefined,
      notes: [`The two-factor session of profile "default" is no longer in ${file()}.`],
      warnings: [],
    });
    expect(await record()).toBeUndefined();
  });

  it('stops the run if it cannot be read', async () => {
    home.put(file(), 'two words');
    const message = `The two-factor session of ${KEY} cannot be read. ${file()} does not contain exactly one key: it contains a space or a line break.`;
    const fix = [{ do: 'tfa-login', purpose: 'Log in again' }];
    await expect(sent()).rejects.toMatchObject({ code: 'storage', message, advice: fix });
    expect(await status()).toEqual({
      active: false,
      session: undefined,
      problems: [{ code: 'not_a_key', message, fix }],
      blocked: 'file',
    });
  });

  it('is not sent if it belongs to another key and cannot be removed; the run goes on', async () => {
    home.put(home.paths.keyFile('default'), 'another-key-0123456789wxyz');
    const context = await home.context();
    const found = await acquireKey(context, { withSession: false });
    // A folder in place of the file cannot be removed.
    rmSync(file());
    home.put(`${file()}/inside`, '');
    const { notes, warnings, session } = await sessionOf(context, found);
    expect({ notes, session }).toEqual({ notes: [], session: undefined });
    expect(warnings).toEqual([
      {
        message: expect.stringMatching(
          /^The two-factor session of profile "default" is not sent, because it belongs to another key, but could not be removed\. The two-factor session is still in .*tfa_session\. Cannot remove /,
        ),
        fix: [{ do: 'say', text: 'Move the folder away, then try again.' }],
      },
    ]);
    expect(await record()).toHaveProperty('tfa_session');
  });

  it('is removed with a note when a save replaces the key', async () => {
    const told: string[] = [];
    const context = await home.context({}, { notify: (text) => told.push(text) });
    await saveKey(context, context.stores.file, KEY);
    expect(told).toEqual([]);
    expect((await sent()).session).toBe(SESSION.reveal());
    await saveKey(context, context.stores.file, keyOf('another-key-0123456789wxyz'));
    expect(told).toEqual([
      'The two-factor session of profile "default" was removed, because it belongs to the old key. Log in again if the account needs one.',
    ]);
    expect(await record()).not.toHaveProperty('tfa_session');
  });
});
