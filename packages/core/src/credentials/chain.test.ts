import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import type { Environment } from '../base/environment.js';
import { isVastaiError, type VastaiError } from '../base/errors.js';
import { DEFAULT_URL } from '../base/origin.js';
import { recordProfile } from '../config/settings.js';
import type { ContextRequest } from '../context/open.js';
import { findKey, keyForOtherApi, labelOf } from './chain.js';

const home = useHome();

const OTHER_URL = 'https://staging.example';

async function find(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const context = await home.context(environment, more);
  return findKey(context.sources, context.url);
}

/** Returns the key that is found, or the code of the error that stops the search. */
async function found(environment: Environment = {}, more: Partial<ContextRequest> = {}): Promise<string> {
  return find(environment, more).then(
    ({ key }) => key.reveal(),
    (error: VastaiError) => error.code,
  );
}

async function failure(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const error = await find(environment, more).catch((thrown: unknown) => thrown);
  if (!isVastaiError(error)) throw new Error('no error that was foreseen');
  return error;
}

/** Puts a key in every place; returns the environment with its keys. */
function putEverywhere(): Environment {
  home.put(home.at('secret'), 'key-of-env-file');
  home.put(home.paths.keyFile('default'), 'key-of-default');
  home.put(home.paths.keyFile('work'), 'key-of-work');
  home.put(home.paths.legacyFile, 'key-of-legacy');
  return { VAST_API_KEY: 'key-of-env', VAST_API_KEY_FILE: home.at('secret') };
}

describe('the order in which a key is looked for', () => {
  it('is: flag, VAST_API_KEY, VAST_API_KEY_FILE, saved key, legacy file', async () => {
    const { VAST_API_KEY, VAST_API_KEY_FILE } = putEverywhere() as Required<
      Pick<Environment, 'VAST_API_KEY' | 'VAST_API_KEY_FILE'>
    >;
    expect(await found({ VAST_API_KEY, VAST_API_KEY_FILE }, { apiKey: 'key-of-flag' })).toBe('key-of-flag');
    expect(await found({ VAST_API_KEY, VAST_API_KEY_FILE })).toBe('key-of-env');
    expect(await found({ VAST_API_KEY_FILE })).toBe('key-of-env-file');
    expect(await found()).toBe('key-of-default');
    home.put(home.paths.keyFile('default'), '');
    expect(await found()).toBe('key-of-legacy');
    home.put(home.paths.legacyFile, '\n');
    expect(await found()).toBe('no_key');
  });

  it('has the saved key of a profile that was given as a flag before the environment', async () => {
    const environment = putEverywhere();
    expect(await found(environment, { profile: 'work' })).toBe('key-of-work');
    expect(await found(environment, { profile: 'default' })).toBe('key-of-default');
    expect(await found(environment, { profile: 'work', apiKey: 'key-of-flag' })).toBe('key-of-flag');
  });

  it('has the environment before the saved key of a profile that was chosen otherwise', async () => {
    const environment = putEverywhere();
    expect(await found({ ...environment, VAST_PROFILE: 'work' })).toBe('key-of-env');
    expect(await found({ VAST_PROFILE: 'work' })).toBe('key-of-work');
    home.put(home.at('.vastai-profile'), 'work');
    expect(await found(environment)).toBe('key-of-env');
    expect(await found()).toBe('key-of-work');
  });

  it('falls back to the environment when the profile of the flag has no key', async () => {
    expect(await found(putEverywhere(), { profile: 'other' })).toBe('key-of-env');
  });

  it('has the legacy file for the default profile only', async () => {
    home.put(home.paths.legacyFile, 'key-of-legacy');
    expect(await found({}, { profile: 'work' })).toBe('no_key');
    expect(await found({}, { profile: 'default' })).toBe('key-of-legacy');
  });

  it('never has the two-factor session of the Python CLI', async () => {
    home.put(home.paths.twoFactorFile, 'session-0123456789');
    expect(await found()).toBe('no_key');
  });

  it('says where the key was found, without the key', async () => {
    home.put(home.paths.keyFile('default'), 'key-0123456789wxyz');
    const { key, source } = await find();
    expect(labelOf({ key, source })).toBe(`${home.paths.keyFile('default')} …wxyz`);
  });
});

describe('a key that is there but cannot be read', () => {
  const bad = 'key-0123456789 two words';

  it.each(['', ' ', bad])('stops the search: %j as --api-key', async (apiKey) => {
    const environment = putEverywhere();
    expect(await failure(environment, { apiKey })).toMatchObject({ code: 'usage' });
  });

  it('stops the search: in VAST_API_KEY', async () => {
    putEverywhere();
    expect(await failure({ VAST_API_KEY: bad })).toMatchObject({ code: 'usage' });
  });

  it('stops the search: in VAST_API_KEY_FILE', async () => {
    putEverywhere();
    expect(await failure({ VAST_API_KEY_FILE: home.at('missing') })).toMatchObject({ code: 'storage' });
  });

  it('stops the search: in the key file', async () => {
    putEverywhere();
    home.put(home.paths.keyFile('default'), bad);
    const error = await failure();
    expect(error).toMatchObject({ code: 'storage', advice: [expect.objectContaining({ do: 'save-key' })] });
    expect(error.message).toContain(home.paths.keyFile('default'));
    expect(error.message).not.toContain('0123456789');
  });

  it('stops the search: in the legacy file', async () => {
    home.put(home.paths.legacyFile, bad);
    expect(await failure()).toMatchObject({ code: 'storage' });
  });

  it('does not matter after the key that is used', async () => {
    putEverywhere();
    home.put(home.paths.keyFile('default'), bad);
    expect(await found({ VAST_API_KEY: 'key-of-env' })).toBe('key-of-env');
  });
});

describe('a saved key goes only to the API that it was saved for', () => {
  const saved = async (url?: string) => {
    home.put(home.paths.keyFile('default'), 'key-of-default');
    if (url !== undefined) await recordProfile(home.paths, 'default', { storage: 'file', url });
  };

  it('without a record: to Vast.ai, and no other', async () => {
    await saved();
    expect(await found()).toBe('key-of-default');
    expect(await found({ VAST_URL: DEFAULT_URL })).toBe('key-of-default');
    expect(await found({ VAST_URL: OTHER_URL })).toBe('no_key');
    expect(await found({}, { url: OTHER_URL })).toBe('no_key');
  });

  it('with a record: to the API of the record, which is then the default, and no other', async () => {
    await saved(OTHER_URL);
    expect((await home.context()).url.origin).toBe(OTHER_URL);
    expect(await found()).toBe('key-of-default');
    expect(await found({}, { url: DEFAULT_URL })).toBe('no_key');
    expect(await found({}, { url: `${OTHER_URL}:8443` })).toBe('no_key');
    expect(await found({}, { url: 'https://api.staging.example' })).toBe('no_key');
  });

  it('and to this machine', async () => {
    await saved(OTHER_URL);
    for (const url of ['http://127.0.0.1:8080', 'http://[::1]:8080', 'http://localhost:8080'])
      expect(await found({}, { url })).toBe('key-of-default');
  });

  it('is named, with both APIs, if it is not sent', async () => {
    await saved();
    const error = await failure({}, { url: OTHER_URL });
    expect(error.code).toBe('no_key');
    expect(error.message).toBe(
      `No API key for ${OTHER_URL}: the saved key (${home.paths.keyFile('default')}) belongs to ${DEFAULT_URL}, and is not sent anywhere else.`,
    );
    expect(error.advice).toEqual(keyForOtherApi(new URL(OTHER_URL)));
  });

  it('and the advice is to save another one in a profile named after the host, if possible', () => {
    const profileFor = (url: string) => keyForOtherApi(new URL(url));
    const advice = (profile: string, url: string) => [
      { do: 'say', text: 'Pass a key for this API with --api-key or VAST_API_KEY.' },
      { do: 'save-key', profile, url, purpose: 'Or save one in its own profile' },
    ];
    for (const [url, profile] of [
      [OTHER_URL, 'staging.example'],
      ['https://staging.example:8443', 'staging.example'],
      ['http://[fe80::1:2]:8080', 'fe80--1-2'],
      ['http://[::1]', '1'],
      ['https://a.example.', 'a.example'],
      [`https://${'a'.repeat(60)}.example`, 'other'],
    ] as const)
      expect(profileFor(url)).toEqual(advice(profile, url));
  });

  it('and without one, the error says how to get a key', async () => {
    const advice = [{ do: 'save-key' }, { do: 'pass-key' }, { do: 'make-key' }];
    expect(await failure()).toMatchObject({
      code: 'no_key',
      message: 'No API key found; nothing was sent.',
      advice,
    });
    const { sources, url } = await home.context({}, { profile: 'work' });
    await expect(findKey(sources, url, 'work')).rejects.toMatchObject({
      message: 'No API key found for profile "work"; nothing was sent.',
      advice,
    });
    await expect(findKey(sources, url)).rejects.toMatchObject({
      message: 'No API key found; nothing was sent.',
    });
  });

  it('is not mentioned if it does not exist', async () => {
    expect((await failure({}, { url: OTHER_URL })).message).not.toContain(DEFAULT_URL);
  });

  it('is skipped if it belongs to another API, even if it cannot be read', async () => {
    await saved(OTHER_URL);
    home.put(home.paths.keyFile('default'), 'two words');
    home.put(home.paths.legacyFile, 'key-of-legacy');
    expect(await found({}, { url: DEFAULT_URL })).toBe('key-of-legacy');
    expect(await found({ VAST_API_KEY: 'key-of-env' }, { url: DEFAULT_URL })).toBe('key-of-env');
  });

  it('and the key of the legacy file to Vast.ai alone', async () => {
    home.put(home.paths.legacyFile, 'key-of-legacy');
    expect(await found({}, { url: OTHER_URL })).toBe('no_key');
    expect(await found({}, { url: 'http://127.0.0.1:1' })).toBe('key-of-legacy');
  });

  it('but a key that was passed to the run goes to any API', async () => {
    home.put(home.at('secret'), 'key-of-env-file');
    expect(await found({ VAST_API_KEY: 'key-of-env' }, { url: OTHER_URL })).toBe('key-of-env');
    expect(await found({ VAST_API_KEY_FILE: home.at('secret') }, { url: OTHER_URL })).toBe('key-of-env-file');
    expect(await found({}, { url: OTHER_URL, apiKey: 'key-of-flag' })).toBe('key-of-flag');
  });
});
