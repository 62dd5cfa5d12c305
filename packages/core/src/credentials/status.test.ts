import { chmodSync } from 'node:fs';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import type { Environment } from '../base/environment.js';
import { type ProfileRecord, recordProfile } from '../config/settings.js';
import type { ContextRequest } from '../context/open.js';
import { inspectSources } from './status.js';

const home = useHome();
const unix = process.platform !== 'win32';
const ENV = 'env-key-0123456789abcd';
const FILE = 'file-key-0123456789efgh';
const LEGACY = 'legacy-key-0123456789ijkl';

async function inspect(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const status = await inspectSources(await home.context(environment, more));
  expect(JSON.stringify(status)).not.toMatch(/0123456789/);
  return status;
}

/** Returns each source by name: its state, the end of its key, and the codes of its problems. */
async function summary(environment: Environment = {}, more: Partial<ContextRequest> = {}) {
  const { sources } = await inspect(environment, more);
  return Object.fromEntries(
    sources.map(({ source, state, suffix, active, problems }) => [
      source,
      [
        `${active ? 'ACTIVE ' : ''}${state}${suffix === undefined ? '' : ` ${suffix}`}`,
        ...problems.map((one) => one.code),
      ],
    ]),
  );
}

describe('the state of the sources', () => {
  it('is absent in an empty home, which stays empty', async () => {
    expect(await summary()).toEqual({
      flag: ['absent'],
      env: ['absent'],
      env_file: ['absent'],
      file: ['absent'],
      legacy: ['absent'],
    });
    expect((await inspect()).winner).toBeUndefined();
    expect(await home.files()).toEqual({});
  });

  it('has no winner in a key that was saved for another API after the settings were read', async () => {
    home.put(home.paths.keyFile('default'), FILE);
    await recordProfile(home.paths, 'default', { storage: 'file', url: 'https://staging.example' });
    const context = await home.context();
    expect((await inspectSources(context)).winner).toBeDefined();
    await recordProfile(home.paths, 'default', { storage: 'file', url: 'https://console.vast.ai' });
    expect((await inspectSources(context)).winner).toBeUndefined();
  });

  it('marks the source whose key is used, in the order of the search', async () => {
    home.put(home.paths.keyFile('default'), FILE);
    home.put(home.paths.legacyFile, LEGACY);
    const before = await home.files();
    const environment = { VAST_API_KEY: ENV };
    expect(await summary(environment)).toEqual({
      flag: ['absent'],
      env: ['ACTIVE present abcd'],
      env_file: ['absent'],
      file: ['present efgh', 'shadowed'],
      legacy: ['present ijkl', 'legacy_left'],
    });
    const { winner, sources } = await inspect(environment);
    expect(winner?.key.reveal()).toBe(ENV);
    expect(sources.map(({ source }) => source)).toEqual(['flag', 'env', 'env_file', 'file', 'legacy']);
    expect(await home.files()).toEqual(before);
  });

  it('has the saved key first when its profile was given as a flag', async () => {
    home.put(home.paths.keyFile('work'), FILE);
    expect(await summary({ VAST_API_KEY: ENV }, { profile: 'work' })).toMatchObject({
      file: ['ACTIVE present efgh'],
      env: ['present abcd'],
    });
  });

  it('marks no source after a key that cannot be read', async () => {
    home.put(home.paths.keyFile('default'), 'two words');
    home.put(home.paths.legacyFile, LEGACY);
    expect(await summary()).toMatchObject({
      file: ['unreadable', 'not_a_key'],
      legacy: ['present ijkl', 'legacy_left'],
    });
    const { winner, blocked } = await inspect();
    expect(winner).toBeUndefined();
    expect(blocked).toMatchObject({ source: 'file', location: home.paths.keyFile('default') });
  });

  it('ignores what cannot be read after the key that is used', async () => {
    home.put(home.paths.keyFile('default'), 'two words');
    const { winner, blocked } = await inspect({ VAST_API_KEY: ENV });
    expect(winner?.source.name).toBe('env');
    expect(blocked).toBeUndefined();
  });

  it('reports a key that belongs to another API', async () => {
    home.put(home.paths.keyFile('default'), FILE);
    home.put(home.paths.legacyFile, LEGACY);
    await recordProfile(home.paths, 'default', { storage: 'file', url: 'https://staging.example' });
    expect(await summary({}, { url: 'https://console.vast.ai' })).toMatchObject({
      file: ['present efgh', 'other_origin'],
      legacy: ['ACTIVE present ijkl', 'legacy_left'],
    });
    expect(await summary()).toMatchObject({
      file: ['ACTIVE present efgh'],
      legacy: ['present ijkl', 'other_origin'],
    });
  });

  it('reports a copy that is no longer used', async () => {
    home.put(home.paths.keyFile('default'), FILE);
    await recordProfile(home.paths, 'default', {
      storage: 'command',
      command: [process.execPath, '-p', '"x".repeat(9)'],
    });
    expect(await summary()).toMatchObject({
      command: ['ACTIVE present xxxx'],
      file: ['present efgh', 'unused_copy'],
    });
  });

  it.runIf(unix)('reports a file that other users can open', async () => {
    home.put(home.paths.keyFile('default'), FILE);
    chmodSync(home.paths.keyFile('default'), 0o644);
    expect(await summary()).toMatchObject({ file: ['ACTIVE present efgh', 'file_mode'] });
  });

  it('gives each problem a message and a fix', async () => {
    home.put(home.paths.keyFile('default'), FILE);
    home.put(home.paths.legacyFile, 'two words');
    home.put(home.paths.twoFactorFile, 'session-0123456789');
    const { sources } = await inspect({ VAST_API_KEY: ENV, VAST_API_KEY_FILE: home.at('missing') });
    const problems = sources.flatMap((source) => source.problems);
    expect(problems.map(({ code }) => code).sort()).toEqual([
      'not_a_key',
      'shadowed',
      'two_factor_session',
      'unreadable',
    ]);
    for (const { message, fix } of problems) {
      expect(message).not.toBe('');
      expect(fix).not.toHaveLength(0);
    }
  });
});

describe.runIf(secretServiceInstalled())('an entry of the keychain that is not on record', () => {
  const FORGOTTEN = 'forgotten-key-0123456789mnop';
  let service: SecretService;
  beforeEach(async () => {
    service = await startSecretService({ prompter: 'silent' });
    await service.store('default', FORGOTTEN);
  });
  afterEach(() => service.stop());

  const RECORDS: [ProfileRecord, code: string, step: string][] = [
    [{ storage: 'file' }, 'different_copy', 'migrate'],
    [{ storage: 'file', url: 'https://staging.example' }, 'unused_copy', 'start-over'],
    [{ storage: 'file', pending: true }, 'unused_copy', 'start-over'],
    [{ storage: 'command', command: [process.execPath, '-p', '"x".repeat(9)'] }, 'unused_copy', 'remove-key'],
  ];

  async function keychainWith(record: ProfileRecord, more: Environment = {}) {
    home.put(home.paths.keyFile('default'), FILE);
    await recordProfile(home.paths, 'default', record);
    const environment = { VASTAI_STORAGE: 'auto', VASTAI_KEYCHAIN_TIMEOUT: '30', ...service.env, ...more };
    const status = await inspect(environment, { cliRoot, interactive: true, url: 'https://console.vast.ai' });
    return status.sources.find(({ source }) => source === 'keychain');
  }

  it.each(RECORDS)('is shown but not used with the record %j', async (record, code, step) => {
    expect(await keychainWith(record)).toEqual({
      source: 'keychain',
      location: 'keychain (vastai, default)',
      state: 'present',
      suffix: 'mnop',
      active: false,
      problems: [{ code, message: expect.any(String), fix: [expect.objectContaining({ do: step })] }],
    });
  });

  it('is reported without asking for a password if the keychain is locked', async () => {
    await service.lock();
    expect(await keychainWith({ storage: 'file' })).toMatchObject({
      state: 'unreadable',
      problems: [
        { code: 'unused_copy', message: expect.stringMatching(/may have an unused key .* is locked/) },
      ],
    });
  });

  it('stops nothing if the keychain hangs', async () => {
    service.freeze();
    const environment = { VASTAI_KEYCHAIN_TIMEOUT: '0.5' };
    expect(await keychainWith({ storage: 'file' }, environment)).toMatchObject({
      state: 'unreadable',
      problems: [{ code: 'unused_copy', message: expect.stringMatching(/did not respond/) }],
    });
  });

  it.each([
    ['it has none', { unset: true }, {}],
    ['there is no keychain', {}, { DBUS_SESSION_BUS_ADDRESS: '' }],
  ])('is absent where %s', async (_, { unset }: { unset?: boolean }, environment: Environment) => {
    if (unset) await service.clear('default');
    expect(await keychainWith({ storage: 'file' }, environment)).toMatchObject({
      state: 'absent',
      problems: [],
    });
  });

  it('is not searched for with VASTAI_STORAGE=file', async () => {
    expect(await keychainWith({ storage: 'file' }, { VASTAI_STORAGE: 'file' })).toBeUndefined();
  });
});
