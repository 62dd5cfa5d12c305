import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import type { Environment } from '../base/environment.js';
import { recordProfile } from '../config/settings.js';
import type { ContextRequest } from './open.js';

const home = useHome();
const DEFAULT_URL = 'https://console.vast.ai';
const OTHER_URL = 'https://staging.example';
const FLAG_URL = 'https://flag.example';

/** Runs `work` as a user to whom modes apply, since root may read every file. */
async function asOrdinaryUser(work: () => Promise<void>): Promise<void> {
  const isRoot = process.geteuid?.() === 0;
  if (isRoot) process.seteuid?.(65_534);
  try {
    await work();
  } finally {
    if (isRoot) process.seteuid?.(0);
  }
}

describe('the API of a context', () => {
  const urlOf = async (environment: Environment = {}, more: Partial<ContextRequest> = {}) =>
    (await home.context(environment, more)).url.origin;

  it('is the one of --url, of VAST_URL, of the profile, or Vast.ai’s own', async () => {
    expect(await urlOf()).toBe(DEFAULT_URL);
    await recordProfile(home.paths, 'default', { url: OTHER_URL });
    expect(await urlOf()).toBe(OTHER_URL);
    expect(await urlOf({ VAST_URL: DEFAULT_URL })).toBe(DEFAULT_URL);
    expect(await urlOf({ VAST_URL: DEFAULT_URL }, { url: FLAG_URL })).toBe(FLAG_URL);
    expect(await urlOf({}, { profile: 'work' })).toBe(DEFAULT_URL);
  });

  it.each([
    ['--url', {}, { url: 'http://far.example' }],
    ['VAST_URL', { VAST_URL: 'nowhere' }, {}],
  ])('is rejected, and the error names its origin: %s', async (name, environment, more) => {
    await expect(urlOf(environment, more)).rejects.toMatchObject({
      code: 'usage',
      message: expect.stringContaining(name),
    });
  });

  it('is rejected, and the error names its origin: config.json', async () => {
    await recordProfile(home.paths, 'default', { url: 'http://far.example' });
    await expect(urlOf()).rejects.toMatchObject({ message: expect.stringContaining('config.json') });
  });
});

describe('opening a context', () => {
  it('finds no record for a profile named like a property of every object', async () => {
    expect((await home.context({}, { profile: 'constructor' })).record).toBeUndefined();
  });

  it('fails when the settings are broken, whatever key is given', async () => {
    home.put(home.paths.settingsFile, '{');
    await expect(home.context({ VAST_API_KEY: 'some-key' })).rejects.toMatchObject({ code: 'storage' });
  });

  it('ignores broken settings, with a warning, when both the key and the API are given', async () => {
    home.put(home.paths.settingsFile, '{');
    const warnings: string[] = [];
    const warn = (text: string) => void warnings.push(text);
    const given: [Environment, Partial<ContextRequest>][] = [
      [{ VAST_API_KEY: 'some-key', VAST_URL: OTHER_URL }, {}],
      [{ VAST_API_KEY_FILE: '/some/file' }, { url: OTHER_URL }],
      [{}, { apiKey: 'some-key', url: OTHER_URL, profile: 'work' }],
    ];
    for (const [environment, more] of given) {
      const { record, url } = await home.context(environment, { ...more, warn });
      expect({ record, origin: url.origin }).toEqual({ record: undefined, origin: OTHER_URL });
      await home.context(environment, more);
    }
    const message = `The settings are ignored. ${home.paths.settingsFile} is not valid JSON.`;
    expect(warnings).toEqual([message, message, message]);
    // The saved key of a profile that a flag names would go first.
    await expect(
      home.context({ VAST_API_KEY: 'some-key', VAST_URL: OTHER_URL }, { profile: 'work' }),
    ).rejects.toMatchObject({ code: 'storage' });
    await expect(home.context({ VAST_URL: OTHER_URL })).rejects.toMatchObject({ code: 'storage' });
  });

  it('lists the sources in order of precedence', async () => {
    const names = async (environment: Environment = {}, more: Partial<ContextRequest> = {}) =>
      (await home.context(environment, more)).sources.map(({ name }) => name);
    expect(await names()).toEqual(['flag', 'env', 'env_file', 'file', 'legacy']);
    expect(await names({ VASTAI_STORAGE: 'auto' })).toEqual([
      'flag',
      'env',
      'env_file',
      'file',
      'keychain',
      'legacy',
    ]);
    expect(await names({}, { profile: 'default' })).toEqual(['flag', 'file', 'env', 'env_file', 'legacy']);
    expect(await names({}, { profile: 'work' })).toEqual(['flag', 'file', 'env', 'env_file']);
    expect(await names({ VAST_PROFILE: 'work' })).toEqual(['flag', 'env', 'env_file', 'file']);
    expect(await names({ CONTAINER_ID: '7' })).toEqual([
      'flag',
      'env',
      'env_file',
      'file',
      'legacy',
      'container',
    ]);
    expect(await names({ VASTAI_BROKER: '1' })).toEqual(['env']);
  });

  it('changes nothing', async () => {
    home.put(home.paths.legacyFile, 'some-key');
    await home.context();
    expect(await home.files()).toEqual({ '.vast_api_key': 'some-key' });
  });

  it.runIf(process.platform === 'linux')(
    'in a home that may not be looked into works if a key is given',
    async () => {
      home.put(home.paths.settingsFile, '{"version":1,"current":"work"}', 0);
      await asOrdinaryUser(async () => {
        for (const given of [{ VAST_API_KEY: 'some-key' }, { VAST_API_KEY_FILE: '/some/file' }])
          expect((await home.context(given)).profile.name).toBe('default');
        expect((await home.context({}, { apiKey: 'some-key' })).profile.name).toBe('default');
        await expect(home.context()).rejects.toMatchObject({
          code: 'storage',
          message: expect.stringMatching(/permission denied/),
        });
      });
    },
  );
});
