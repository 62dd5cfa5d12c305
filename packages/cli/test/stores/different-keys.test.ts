import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import type { Ran } from '@vastai-cli/testing/run';
import { expect } from 'vitest';
import { drifted, runAsPrinted } from '../support/drifted.js';
import { receiptsIn } from '../support/receipts.js';

const MIGRATE = ['config', 'migrate'];
const TO_KEYCHAIN = [...MIGRATE, '--to', 'keychain'];
const TO_FILE = [...MIGRATE, '--to', 'file'];
const UNDO = [...MIGRATE, '--undo'];
const KEYCHAIN = 'keychain (vastai, default)';

/** Both places hold what they held, and the run names both keys and ends with 9. */
async function expectBothLeft(
  { home, keychain, token }: KeychainHarness,
  ran: Ran,
  [inKeychain, inFile]: readonly [string, string],
  saved: string,
): Promise<void> {
  expect(ran.status).toBe(9);
  for (const key of [inKeychain, inFile]) expect(ran.stdout + ran.stderr).toContain(`…${key.slice(-4)}`);
  expect(await keychain.lookup('default')).toBe(inKeychain);
  expect(await home.read(KEY_FILE)).toBe(inFile);
  expect(await token()).toBe(saved);
}

describe('config migrate, where file and keychain hold different keys,', () => {
  it.for([
    { what: '--undo', args: UNDO, kept: [] },
    { what: '--undo, after --keep-file', args: UNDO, kept: ['--keep-file'] },
    { what: '--to file', args: TO_FILE, kept: [] },
    { what: '--to file, after --keep-file', args: TO_FILE, kept: ['--keep-file'] },
    { what: '--to keychain', args: TO_KEYCHAIN, kept: [] },
    { what: '--to keychain --keep-file', args: [...TO_KEYCHAIN, '--keep-file'], kept: ['--keep-file'] },
  ])('leaves both with $what, and says so in plan and result', async ({ args, kept }, { harness }) => {
    const { saved, other } = await drifted(harness, ...kept);
    for (const more of [['--dry-run'], []]) {
      const ran = await harness.vastai([...args, ...more, '--json']);
      await expectBothLeft(harness, ran, [saved, other], saved);
      expect(ran.json()).toMatchObject({
        error: { code: 'storage' },
        applied: false,
        changes: [{ step: 'between-stores', action: 'report', from: harness.home.at(KEY_FILE) }],
      });
      const shown = await harness.vastai([...args, ...more]);
      expect(shown.stdout).toMatch(/^PLAN +FROM +TO\nleave +/);
      expect(shown.stderr).toMatch(/^Error: .*a different key.*\nTo replace …/);
    }
    expect(await receiptsIn(harness.home)).toHaveLength(1);
  });

  it('leaves an entry of the keychain that is not on record', async ({ harness }) => {
    const { keep, keychain, sandbox, unknownKey } = harness;
    const other = await unknownKey();
    for (const isRecorded of [true, false]) {
      await keep('file', sandbox.key);
      if (!isRecorded) await harness.home.write(SETTINGS, '{"version":1,"profiles":{}}');
      await keychain.store('default', other);
      for (const args of [TO_KEYCHAIN, [...TO_KEYCHAIN, '--keep-file'], TO_FILE])
        await expectBothLeft(harness, await harness.vastai(args), [other, sandbox.key], sandbox.key);
    }
    expect(await receiptsIn(harness.home)).toEqual([]);
  });

  it('moves the saved key over the other one with --force, and says so', async ({ harness }) => {
    const { saved, other } = await drifted(harness);
    const plan = (await harness.vastai([...TO_FILE, '--force', '--dry-run', '--json'])).json();
    const note = expect.stringContaining(`…${saved.slice(-4)} replaces …${other.slice(-4)}`);
    expect(plan).toMatchObject({ applied: false, changes: [{ action: 'move', from: KEYCHAIN, note }] });
    expect(await harness.home.read(KEY_FILE)).toBe(other);
    const ran = await harness.vastai([...TO_FILE, '--force', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ applied: true, changes: [{ action: 'move', note }] });
    expect(await harness.home.read(KEY_FILE)).toBe(saved);
    expect(await harness.keychain.lookup('default')).toBeUndefined();
    expect((await harness.record())?.storage).toBe('file');
  });

  it('moves it into the keychain with --force', async ({ harness }) => {
    const { keep, keychain, sandbox, unknownKey, vastai } = harness;
    await keep('file', sandbox.key);
    await keychain.store('default', await unknownKey());
    expect((await vastai([...TO_KEYCHAIN, '--force'])).status).toBe(0);
    expect(await keychain.lookup('default')).toBe(sandbox.key);
    expect(await harness.home.read(KEY_FILE)).toBeUndefined();
    expect(await harness.token()).toBe(sandbox.key);
  });

  it('takes a move back with --undo --force', async ({ harness }) => {
    const { saved } = await drifted(harness, '--keep-file');
    expect((await harness.vastai([...UNDO, '--force'])).status).toBe(0);
    expect(await harness.home.read(KEY_FILE)).toBe(saved);
    expect(await harness.keychain.lookup('default')).toBeUndefined();
    expect(await receiptsIn(harness.home)).toEqual([]);
  });

  it('renews the copy with --keep-file --force, and leaves the key in the keychain', async ({ harness }) => {
    const { saved } = await drifted(harness, '--keep-file');
    const ran = await harness.vastai([...TO_KEYCHAIN, '--keep-file', '--force', '--json']);
    expect(ran.json()).toMatchObject({
      applied: true,
      changes: [{ action: 'copy', from: KEYCHAIN, to: harness.home.at(KEY_FILE) }],
    });
    expect(await harness.home.read(KEY_FILE)).toBe(saved);
    expect(await harness.record()).toMatchObject({ storage: 'keychain', kept_file: true });
    // What is taken back is still the move into the keychain.
    expect(await receiptsIn(harness.home)).toHaveLength(1);
  });

  it('refuses --force that does not say which key is to stay', async ({ harness: { vastai } }) => {
    const ran = await vastai([...MIGRATE, '--force']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('--force needs --to or --undo');
  });

  it('does not write over a file that cannot be read, without --force', async ({ harness }) => {
    const { vastai, keep, sandbox, home } = harness;
    await keep('keychain', sandbox.key);
    await home.write(KEY_FILE, 'two words');
    const ran = await vastai(TO_FILE);
    expect(ran.status).toBe(9);
    expect(await home.read(KEY_FILE)).toBe('two words');
    expect(await harness.token()).toBe(sandbox.key);
    expect((await vastai([...TO_FILE, '--force'])).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('suggests commands that work as printed: to go on with the saved key', async ({ harness }) => {
    const { saved } = await drifted(harness);
    const { stderr } = await harness.vastai(UNDO);
    expect((await runAsPrinted(harness, stderr, 'To replace')).status).toBe(0);
    expect(await harness.token()).toBe(saved);
    expect(await harness.home.read(KEY_FILE)).toBe(saved);
  });

  it('suggests commands that work as printed: to use the other key', async ({ harness }) => {
    const { other } = await drifted(harness, '--keep-file');
    const { stderr } = await harness.vastai(UNDO);
    expect((await runAsPrinted(harness, stderr, 'instead:')).status).toBe(0);
    expect(await harness.token()).toBe(other);
    expect(await harness.home.read(KEY_FILE)).toBeUndefined();
  });

  it('suggests commands for the profile it is about', async ({ harness }) => {
    const { vastai, keychain, home, sandbox, unknownKey } = harness;
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    await keychain.store('work', await unknownKey());
    const { stderr } = await vastai([...TO_KEYCHAIN, '--profile', 'work']);
    expect(stderr).toContain('vastai config migrate --to keychain --force --profile work');
  });

  it('ends with 9 for a legacy file too, which keeps nothing else from being moved', async ({ harness }) => {
    const { vastai, saveKey, sandbox, home, unknownKey } = harness;
    const legacy = await unknownKey();
    await saveKey();
    await home.write(LEGACY_FILE, legacy);
    const ran = await vastai([...TO_KEYCHAIN, '--force', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json()).toMatchObject({ applied: true, error: { code: 'storage' } });
    for (const key of [legacy, sandbox.key]) expect(ran.json().error.message).toContain(`…${key.slice(-4)}`);
    expect(await home.read(LEGACY_FILE)).toBe(legacy);
    expect(await harness.keychain.lookup('default')).toBe(sandbox.key);
  });
});

describe('config migrate, where a copy of the key is left beside it,', () => {
  it.for(['keychain', 'file'] as const)('removes it with --to %s', async (to, { harness }) => {
    const { vastai, keep, sandbox, home, keychain } = harness;
    await keep(to, sandbox.key);
    await home.write(KEY_FILE, sandbox.key);
    await keychain.store('default', sandbox.key);
    const ran = await vastai([...MIGRATE, '--to', to, '--json']);
    expect(ran.json()).toMatchObject({ applied: true, changes: [{ action: 'drop' }] });
    expect(await home.read(KEY_FILE)).toBe(to === 'file' ? sandbox.key : undefined);
    expect(await keychain.lookup('default')).toBe(to === 'file' ? undefined : sandbox.key);
    expect((await vastai([...MIGRATE, '--to', to, '--json'])).json().changes).toEqual([]);
    expect((await vastai([...UNDO, '--json'])).json().changes).toEqual([]);
  });

  it('leaves one that --keep-file left on purpose', async ({ harness }) => {
    const { vastai, keep, sandbox, home } = harness;
    await keep('file', sandbox.key);
    await vastai([...TO_KEYCHAIN, '--keep-file']);
    expect((await vastai([...TO_KEYCHAIN, '--json'])).json()).toEqual({ applied: false, changes: [] });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await harness.record()).toMatchObject({ kept_file: true });
    expect((await vastai(UNDO)).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await harness.record()).toEqual({ storage: 'file', url: sandbox.url });
  });

  it('keeps it for other tools from then on with --keep-file', async ({ harness }) => {
    const { vastai, keep, sandbox, home } = harness;
    await keep('keychain', sandbox.key);
    await home.write(KEY_FILE, sandbox.key);
    const args = [...TO_KEYCHAIN, '--keep-file', '--json'];
    expect((await vastai(args)).json()).toMatchObject({ applied: true, changes: [{ action: 'copy' }] });
    expect(await harness.record()).toMatchObject({ storage: 'keychain', kept_file: true });
    expect((await vastai(args)).json()).toEqual({ applied: false, changes: [] });
    expect(await receiptsIn(home)).toEqual([]);
  });

  it('keeps it for other tools once it was renewed, though nothing said so before', async ({ harness }) => {
    const { saved } = await drifted(harness);
    await harness.vastai([...TO_KEYCHAIN, '--keep-file', '--force']);
    expect(await harness.home.read(KEY_FILE)).toBe(saved);
    expect(await harness.record()).toMatchObject({ kept_file: true });
  });
});
