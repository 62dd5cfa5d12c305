import { rm } from 'node:fs/promises';
import { describeIf, it } from '@vastai-cli/testing/checkout/keychain';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { expect } from 'vitest';
import { holdLock } from '../support/held-lock.js';

const MIGRATE = ['config', 'migrate'];
const KEY_OF_WORK = '.config/vastai/profiles/work/vast_api_key';
const WAITING = 'Waiting for another vastai';

/** Runs a command that has to wait, changes the state while it waits, and gives how it ended. */
async function runAcross(harness: KeychainHarness, args: readonly string[], change: () => Promise<unknown>) {
  const release = await holdLock(harness.home);
  const terminal = harness.onTerminal(args);
  await terminal.see(WAITING);
  await change();
  await release();
  return terminal.ended;
}

/** Saves a key in a file and moves it with "config migrate --to keychain". */
async function moveToKeychain({ keep, home }: KeychainHarness, key: string): Promise<void> {
  await keep('keychain', key);
  await rm(home.at(KEY_FILE));
}

describeIf(canOpenTerminal())('a command that waited for another vastai', () => {
  it('removes the key from the keychain, into which it was moved meanwhile', async ({ harness }) => {
    const { keep, sandbox, keychain, vastai } = harness;
    await keep('file', sandbox.key);
    const change = () => moveToKeychain(harness, sandbox.key);
    const { status, screen } = await runAcross(harness, ['unset', 'api-key', '--yes'], change);
    expect(status).toBe(0);
    expect(screen).toContain('Removed the key from the keychain');
    expect(await keychain.lookup('default')).toBeUndefined();
    expect((await vastai(['auth', 'token'])).status).toBe(3);
  });

  it('says that a command gives a key, which was put on record meanwhile', async ({ harness }) => {
    const { keep, home, sandbox } = harness;
    await keep('file', sandbox.key);
    const { status, screen } = await runAcross(harness, ['unset', 'api-key', '--yes'], async () => {
      await rm(home.at(KEY_FILE));
      const record = { storage: 'command', command: ['some-command'] };
      await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { default: record } }));
    });
    expect(status).toBe(0);
    expect(screen).toContain('still gets a key from the command in config.json');
  });

  it('moves the key that is saved by then, for the API that it belongs to', async ({ harness }) => {
    const { keep, sandbox, keychain, home, unknownKey } = harness;
    const ofOther = await unknownKey();
    const url = 'https://other.example';
    await keep('file', sandbox.key);
    const { status } = await runAcross(harness, [...MIGRATE, '--to', 'keychain'], async () => {
      await home.write(
        SETTINGS,
        JSON.stringify({ version: 1, profiles: { default: { storage: 'file', url } } }),
      );
      await home.write(KEY_FILE, ofOther);
    });
    expect(status).toBe(0);
    expect(await keychain.lookup('default')).toBe(ofOther);
    expect(await harness.record()).toEqual({ storage: 'keychain', url });
  });

  it('does not move a key over one that was put there meanwhile', async ({ harness }) => {
    const { keep, sandbox, keychain, home, unknownKey } = harness;
    const other = await unknownKey();
    await keep('file', sandbox.key);
    const change = () => keychain.store('default', other);
    const { status, screen } = await runAcross(harness, [...MIGRATE, '--to', 'keychain'], change);
    expect(status).toBe(9);
    for (const key of [sandbox.key, other]) expect(screen).toContain(`…${key.slice(-4)}`);
    expect(await keychain.lookup('default')).toBe(other);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('does not take a move back over a key that was put there meanwhile', async ({ harness }) => {
    const { keep, sandbox, keychain, home, vastai, unknownKey } = harness;
    const other = await unknownKey();
    await keep('file', sandbox.key);
    await vastai([...MIGRATE, '--to', 'keychain']);
    const change = () => home.write(KEY_FILE, other);
    const { status } = await runAcross(harness, [...MIGRATE, '--undo'], change);
    expect(status).toBe(9);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBe(other);
  });

  it('has nothing left to do where another one did the same', async ({ harness }) => {
    const { keep, sandbox } = harness;
    await keep('file', sandbox.key);
    const change = () => moveToKeychain(harness, sandbox.key);
    const { status, screen } = await runAcross(harness, [...MIGRATE, '--to', 'keychain'], change);
    expect(status).toBe(0);
    expect(screen).toContain('Nothing to migrate.');
    expect(await harness.token()).toBe(sandbox.key);
  });

  it('removes a profile with the key that was saved meanwhile', async ({ harness }) => {
    const { vastai, home, keychain, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    const { status } = await runAcross(harness, ['profile', 'remove', 'work', '--yes'], async () => {
      await keychain.store('work', sandbox.key);
      await home.write(SETTINGS, '{"version":1,"profiles":{"work":{"storage":"keychain"}}}');
    });
    expect(status).toBe(0);
    expect(await keychain.lookup('work')).toBeUndefined();
    expect(await home.read(KEY_OF_WORK)).toBeUndefined();
    expect((await vastai(['profile', 'list', '--json'])).json()).toHaveLength(1);
  });

  it('does not make a profile the current one that was removed meanwhile', async ({ harness }) => {
    const { home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    const change = () => rm(home.at(KEY_OF_WORK));
    expect((await runAcross(harness, ['profile', 'use', 'work'], change)).status).toBe(2);
    expect(await home.read(SETTINGS)).toBeUndefined();
  });
});

describeIf(true)('the same command, twice at once,', () => {
  it.for([
    [...MIGRATE, '--to', 'keychain'],
    ['unset', 'api-key', '--yes'],
  ])('does it once: %j', async (args, { harness }) => {
    const { keep, sandbox, keychain, home, vastai } = harness;
    await keep('file', sandbox.key);
    const release = await holdLock(home);
    const both = [vastai(args), vastai(args)];
    await release();
    for (const { status } of await Promise.all(both)) expect([0, 3]).toContain(status);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await keychain.lookup('default')).toBe(args[0] === 'unset' ? undefined : sandbox.key);
  });
});
