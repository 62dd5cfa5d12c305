import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type SecretService,
  secretServiceInstalled,
  startSecretService,
} from '@vastai-cli/testing/secret-service';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { type Relay, withoutPlainSessions } from '../../../../test/support/bus-relay.js';
import { ApiKey } from '../../../base/api-key.js';
import { keychainStore } from '../store.js';

const KEY = 'hidden-key-0123456789abcdef';

/** An addon is native code of another project, so it can do anything. */
describe.runIf(secretServiceInstalled())('an addon that misbehaves', () => {
  let service: SecretService;
  let relay: Relay;
  let cliRoot: string;
  beforeAll(async () => {
    service = await startSecretService();
    await service.store('default', 'the-key-from-before');
    // Makes the addon read the secret.
    relay = await withoutPlainSessions(service);
  });
  afterAll(async () => {
    await relay.stop();
    await service.stop();
  });
  beforeEach(async () => {
    cliRoot = await mkdtemp(join(tmpdir(), 'vastai-addon-'));
  });
  afterEach(() => rm(cliRoot, { recursive: true }));

  async function storeWith(addon: string) {
    const folder = join(cliRoot, 'node_modules', 'keytar');
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, 'package.json'), '{"main":"addon.js"}');
    await writeFile(join(folder, 'addon.js'), addon);
    return keychainStore({ environment: relay.env, cliRoot, interactive: false });
  }

  async function failureOf(work: Promise<unknown>): Promise<string> {
    const error = await work.catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ code: 'storage' });
    return JSON.stringify(error, Object.getOwnPropertyNames(error));
  }

  function key(): ApiKey {
    const parsed = ApiKey.parse(KEY);
    if (typeof parsed === 'string') throw new Error(parsed);
    return parsed;
  }

  it('is missing when it does not load', async () => {
    const store = await storeWith('throw new Error("wrong ELF class")');
    const lookup = await store.read('default');
    expect(lookup).toMatchObject({ problem: { code: 'keychain_missing', message: /does not load/ } });
  });

  it.each([
    ['crashes', 'process.abort()'],
    ['ends the process', 'process.exit(0)'],
    ['prints what is no answer', 'require("node:fs").writeSync(1, "hello\\n")'],
  ])('is an error when it %s, and the key is not in it', async (_, code) => {
    const store = await storeWith(`exports.getPassword = exports.setPassword = () => { ${code} };`);
    expect(await store.read('default')).toMatchObject({ problem: { code: 'keychain_error' } });
    expect(await failureOf(store.write('default', key()))).not.toContain(KEY);
  });

  it('cannot leak the key through its error', async () => {
    const store = await storeWith(`
      exports.getPassword = async () => null;
      exports.setPassword = async (service, account, password) => { throw new Error('no room for ' + password); };
    `);
    const failure = await failureOf(store.write('default', key()));
    expect(failure).toContain('no room for …');
    expect(failure).not.toContain(KEY);
  });

  it('is not trusted if it returns another key, and has to restore the old one', async () => {
    const store = await storeWith(`
      const fs = require('node:fs');
      exports.getPassword = async () => 'the-key-from-before';
      exports.setPassword = async (...args) => fs.appendFileSync('calls', args.join(' ') + '\\n');
    `);
    expect(await failureOf(store.write('default', key()))).toMatch(/does not return it/);
    const calls = await readFile(join(cliRoot, 'node_modules', 'keytar', 'calls'), 'utf8');
    expect(calls).toBe(`vastai default ${KEY}\nvastai default the-key-from-before\n`);
  });

  it('is not trusted if it says that it removed a key which still exists', async () => {
    const store = await storeWith('exports.deletePassword = async () => true;');
    expect(await failureOf(store.remove('default'))).toMatch(/did not remove/);
  });

  it.each([
    [1, 'takes the key'],
    [2, 'takes the key'],
    [3, 'takes no key'],
  ])('that refuses a probe %i times, as when another one removes the entry, %s', async (times, outcome) => {
    const store = await storeWith(`
      const fs = require('node:fs');
      exports.setPassword = async () => {
        fs.appendFileSync('tries', '.');
        if (fs.readFileSync('tries', 'utf8').length <= ${times}) throw new Error('no such object');
      };
      exports.deletePassword = async () => true;
    `);
    const probed = store.probe('default').then(
      () => 'takes the key',
      () => 'takes no key',
    );
    expect(await probed).toBe(outcome);
    const tries = await readFile(join(cliRoot, 'node_modules', 'keytar', 'tries'), 'utf8');
    expect(tries).toHaveLength(Math.min(times + 1, 3));
  });

  it('that says that it is locked is probed once', async () => {
    const store = await storeWith(`
      exports.setPassword = async () => {
        require('node:fs').appendFileSync('tries', '.');
        throw new Error('Cannot create an item in a locked collection');
      };
    `);
    expect(await failureOf(store.probe('default'))).toMatch(/is locked/);
    expect(await readFile(join(cliRoot, 'node_modules', 'keytar', 'tries'), 'utf8')).toBe('.');
  });
});
