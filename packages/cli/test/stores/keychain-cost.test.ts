import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, describeIf, it } from '@vastai-cli/testing/checkout/keychain';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createKeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { signalProcess } from '@vastai-cli/testing/processes';
import { straceWorks } from '@vastai-cli/testing/strace';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { expect } from 'vitest';
import { nodeProcessesWith, runTraced, type SeenProcess } from '../support/processes.js';

const RECORDED = JSON.stringify({ version: 1, profiles: { default: { storage: 'keychain' } } });

describe('a keychain that hangs', () => {
  it.for([
    { what: 'the environment', args: ['show', 'user'], variable: 'VAST_API_KEY' },
    { what: 'a file that the environment names', args: ['show', 'user'], variable: 'VAST_API_KEY_FILE' },
    { what: 'the flag', args: ['show', 'user', '--api-key'], variable: undefined },
  ])('is not asked for a key that comes from $what', async ({ args, variable }, { harness }) => {
    const { vastai, home, sandbox, keychain } = harness;
    await home.write(SETTINGS, RECORDED);
    keychain.freeze();
    // If it were asked, the command would not end before the test has to.
    const env: Record<string, string> = { VASTAI_KEYCHAIN_TIMEOUT: '3600' };
    if (variable === 'VAST_API_KEY') env[variable] = sandbox.key;
    if (variable === 'VAST_API_KEY_FILE') env[variable] = await home.write('secret', sandbox.key);
    const given = variable === undefined ? [sandbox.key] : [];
    expect((await vastai([...args, ...given], { env })).status).toBe(0);
  });

  it.for([
    '--help',
    '--version',
    'version --verbose',
    'set api-key --help',
    'show user --help',
    'profile list',
    'config migrate --dry-run',
    'show user --unknown-flag',
    'unknown command',
  ])('is not asked by: %s', async (line, { harness: { vastai, home, keychain } }) => {
    await home.write(SETTINGS, RECORDED);
    keychain.freeze();
    const ran = await vastai(line.split(' '), { env: { VASTAI_KEYCHAIN_TIMEOUT: '3600' } });
    expect(ran.status).toBe(line.includes('unknown') ? 2 : 0);
  });

  it('is not asked where a key file is enough', async ({ harness }) => {
    const { vastai, sandbox, home, keychain, saveKey } = harness;
    await saveKey();
    keychain.freeze();
    const env = { VASTAI_KEYCHAIN_TIMEOUT: '3600' };
    expect((await vastai(['show', 'user'], { env })).status).toBe(0);
    const set = ['set', 'api-key', sandbox.key, '--storage', 'file'];
    expect((await vastai(set, { env })).status).toBe(0);
    expect((await vastai(['show', 'user'], { env })).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('leaves no process behind', async ({ harness: { vastai, keychain, sandbox, home } }) => {
    await home.write(SETTINGS, RECORDED);
    keychain.freeze();
    const env = { VASTAI_KEYCHAIN_TIMEOUT: '0.3' };
    expect((await vastai(['auth', 'token'], { env })).status).toBe(9);
    expect((await vastai(['set', 'api-key', sandbox.key], { env })).status).toBe(0);
    expect(await nodeProcessesWith(keychain.env.DBUS_SESSION_BUS_ADDRESS)).toEqual([]);
  });
});

describeIf(canOpenTerminal())('a process that waits for the password of the keychain', () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGKILL'] as const)(
    'ends when vastai is ended by %s',
    async (signal, { onTestFinished }) => {
      const { onTerminal, keychain, home, sandbox, close } = await createKeychainHarness(BIN, {
        prompter: 'silent',
      });
      onTestFinished(close);
      await home.write(SETTINGS, RECORDED);
      await keychain.store('default', sandbox.key);
      await keychain.lock();
      const nodes = () => nodeProcessesWith(keychain.env.DBUS_SESSION_BUS_ADDRESS);
      const isHelper = ({ commandLine }: SeenProcess) => commandLine.includes('keytar');
      const session = onTerminal(['auth', 'token'], { env: { VASTAI_KEYCHAIN_TIMEOUT: '3600' } });
      while (!(await nodes()).some(isHelper)) await sleep(20);
      const vastai = (await nodes()).find((one) => !isHelper(one));
      signalProcess(vastai?.pid, signal);
      await session.ended;
      while ((await nodes()).length > 0) await sleep(20);
    },
  );
});

describeIf(straceWorks())('the processes that are started', () => {
  it('do not exist for a key from elsewhere, nor for help', async ({ harness }) => {
    const { home, sandbox, saveKey } = harness;
    await home.write(SETTINGS, RECORDED);
    for (const [args, env] of [
      [['show', 'user'], { VAST_API_KEY: sandbox.key }],
      [['show', 'user', '--api-key', sandbox.key], {}],
      [['--help'], {}],
      [['--version'], {}],
    ] as const) {
      const ran = await runTraced(harness, args, { env });
      expect(ran.status).toBe(0);
      expect(ran.programs).toHaveLength(1);
    }
    await home.write(SETTINGS, RECORDED.replace('keychain', 'file'));
    await saveKey();
    expect((await runTraced(harness, ['show', 'user'])).programs).toHaveLength(1);
  });

  it('do not exist for a key that is read from the keychain over the bus', async ({ harness }) => {
    await harness.vastai(['set', 'api-key', harness.sandbox.key]);
    const ran = await runTraced(harness, ['show', 'user']);
    expect(ran.status).toBe(0);
    expect(ran.programs).toHaveLength(1);
    expect(harness.sandbox.requests.at(-1)?.authorization?.keyId).toBe(40);
  });

  it('do not exist for a keychain without a session bus', async ({ harness }) => {
    await harness.home.write(SETTINGS, RECORDED);
    const ran = await runTraced(harness, ['auth', 'token'], { env: { DBUS_SESSION_BUS_ADDRESS: undefined } });
    expect(ran.status).toBe(9);
    expect(ran.programs).toHaveLength(1);
  });

  it('have no key among their arguments or in their environment', async ({ harness }) => {
    const { sandbox, addKey } = harness;
    const { value } = await addKey({ name: 'second' });
    const env = { VAST_API_KEY: sandbox.key };
    const traces = [
      await runTraced(harness, ['set', 'api-key', '-'], { input: value, env }),
      await runTraced(harness, ['config', 'migrate', '--to', 'file'], { env }),
      await runTraced(harness, ['config', 'migrate', '--undo'], { env }),
      await runTraced(harness, ['unset', 'api-key', '--yes'], { env }),
    ];
    for (const { status, programs } of traces) {
      expect(status).toBe(0);
      const [vastai, ...helpers] = programs;
      expect(vastai).toContain(sandbox.key);
      expect(helpers.length).toBeGreaterThan(0);
      expect(helpers.length).toBeLessThanOrEqual(2);
      expect(helpers.join()).not.toContain(sandbox.key);
      expect(programs.join()).not.toContain(value);
    }
  });
});

describe('the addon', () => {
  it("is the CLI's: no plugin has its own", () => {
    const root = new URL('../../../', import.meta.url);
    expect(existsSync(new URL('cli/node_modules/keytar', root))).toBe(true);
    for (const plugin of ['plugin-account', 'plugin-keys']) {
      expect(existsSync(new URL(`${plugin}/node_modules/keytar`, root))).toBe(false);
    }
  });
});
