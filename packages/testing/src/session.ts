import { createHmac, randomBytes } from 'node:crypto';
import type { Harness } from './harness.js';
import { KEY_FILE, SETTINGS } from './places.js';

/** A two-factor session to keep in a home. */
export interface KeptSession {
  readonly profile?: string;
  /** The key that it was made with. */
  readonly key: string;
  readonly session: string;
  /** The store that the settings note; only a file is written. By default, `file`. */
  readonly storage?: 'file' | 'keychain';
  /** API that it was made for; by default, the sandbox. */
  readonly url?: string;
  /** Seconds since 1970. */
  readonly ends?: number;
}

/** Returns the path of a profile's session file, relative to the home. */
export function sessionFile(profile = 'default'): string {
  return `.config/vastai/profiles/${profile}/tfa_session`;
}

/** Notes a two-factor session in `config.json` as `tfa login` does, and writes its file. Keeps what the settings say otherwise. */
export async function keepSession(
  { home, sandbox }: Pick<Harness, 'home' | 'sandbox'>,
  { profile = 'default', key, session, storage = 'file', url = sandbox.url, ends }: KeptSession,
): Promise<string> {
  const settings = JSON.parse((await home.read(SETTINGS)) ?? '{"version":1}');
  const note = { storage, key_hash: fingerprintOf(key), url, ...(ends === undefined ? {} : { ends }) };
  settings.profiles = {
    ...settings.profiles,
    [profile]: { ...settings.profiles?.[profile], tfa_session: note },
  };
  await home.write(SETTINGS, JSON.stringify(settings));
  return storage === 'file' ? home.write(sessionFile(profile), session) : '';
}

function fingerprintOf(key: string): string {
  const salt = randomBytes(16);
  return `hmac-sha256:${salt.toString('hex')}:${createHmac('sha256', salt).update(key).digest('hex')}`;
}

/** A key and its two-factor session, both saved in a home. */
export interface LoggedIn {
  readonly key: { readonly id: number; readonly value: string };
  readonly session: string;
  /** Path of the session's file. */
  readonly file: string;
}

/**
 * Saves a key of an account that requires a second factor, and keeps a session of it.
 *
 * @param key the key; by default, a new one that may do everything
 */
export async function logIn(
  harness: Pick<Harness, 'home' | 'sandbox' | 'addKey'>,
  { profile = 'default', key, ...more }: Partial<Omit<KeptSession, 'key'>> & { key?: LoggedIn['key'] } = {},
): Promise<LoggedIn> {
  const { home, sandbox } = harness;
  if (sandbox.twoFactor.methods().length === 0) sandbox.twoFactor.add({ method: 'totp' });
  const used = key ?? (await harness.addKey({ name: profile }));
  const session = sandbox.twoFactor.beginSession(used.id);
  const settings = JSON.parse((await home.read(SETTINGS)) ?? '{"version":1}');
  const record = { ...settings.profiles?.[profile], storage: 'file', url: sandbox.url };
  settings.profiles = { ...settings.profiles, [profile]: record };
  await home.write(SETTINGS, JSON.stringify(settings));
  await home.write(keyFile(profile), used.value);
  const file = await keepSession(harness, { ...more, profile, key: used.value, session });
  return { key: used, session, file };
}

/** Returns the path of a profile's key file, relative to the home. */
export function keyFile(profile = 'default'): string {
  return profile === 'default' ? KEY_FILE : `.config/vastai/profiles/${profile}/vast_api_key`;
}

/** Returns what each request was sent with: the id of a session, or that of a key. */
export function sentWith({ sandbox }: Pick<Harness, 'sandbox'>): string[] {
  return sandbox.requests.map(({ authorization }) =>
    authorization?.sessionId === undefined
      ? `key ${authorization?.keyId}`
      : `session of ${authorization.keyId}`,
  );
}
