import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { createKeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { expect } from 'vitest';
import { cliWithoutAddon } from '../support/cli-without-addon.js';
import { doctor } from '../support/doctor.js';

describe('doctor, with a keychain,', () => {
  it('finds no problems if there are none', async ({ harness }) => {
    const { vastai, keep, sandbox } = harness;
    await keep('keychain', sandbox.key);
    const { status, checks } = await doctor(vastai);
    expect(status).toBe(0);
    const suffix = sandbox.key.slice(-4);
    expect(checks).toEqual(
      expect.arrayContaining([
        { check: 'key', state: 'ok', message: `The key …${suffix} from the keychain is sent.` },
        {
          check: 'keychain',
          state: 'ok',
          message: expect.stringContaining('available on the D-Bus session bus'),
        },
        { check: 'proxy', state: 'ok', message: `Requests to ${sandbox.url} use no proxy.` },
        { check: 'api', state: 'ok', message: `${sandbox.url} responds and accepts the key.` },
        { check: 'plugin', state: 'info', message: expect.stringMatching(/^@vastai-cli\/plugin-keys \d/) },
      ]),
    );
    const shown = await vastai(['doctor']);
    expect(shown.status).toBe(0);
    expect(shown.stdout).toMatch(/^ok +program +vastai-cli\/.*node-v/);
    expect(shown.stdout).toMatch(/\nNo problems found\.\n$/);
  });

  it('reports that the keychain with the key is locked', async ({ harness }) => {
    const { vastai, keep, sandbox, keychain, home } = harness;
    await keep('keychain', sandbox.key);
    await keychain.lock();
    const { problems } = await doctor(vastai);
    expect(problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
    expect(problems[1]?.message).toContain('locked');
    // With a legacy file too, which cannot be compared with a key that cannot be read.
    await home.write(LEGACY_FILE, sandbox.key);
    await home.write(SETTINGS, '{"version":1,"profiles":{"default":{"storage":"keychain"}}}');
    expect((await doctor(vastai)).problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
  });

  it('reports that the keychain with the key hangs', async ({ harness }) => {
    const { vastai, keep, sandbox, keychain } = harness;
    await keep('keychain', sandbox.key);
    keychain.freeze();
    const { problems } = await doctor(vastai, { VASTAI_KEYCHAIN_TIMEOUT: '0.5' });
    // On a busy machine the addon takes that long to load.
    expect(new Set(problems.map(({ check }) => check))).toEqual(new Set(['key', 'keychain']));
    for (const { message } of problems) expect(message).toContain('did not respond within 0.5 s');
  });

  it('reports a missing session bus if the key is in the keychain', async ({ harness }) => {
    const { vastai, keep, sandbox } = harness;
    await keep('keychain', sandbox.key);
    const { problems } = await doctor(vastai, { DBUS_SESSION_BUS_ADDRESS: undefined });
    expect(problems.map(({ check }) => check)).toEqual(['key', 'keychain']);
    expect(problems[1]?.message).toContain('no D-Bus session');
  });

  it('reports a missing addon if the key is in the keychain', async ({ onTestFinished }) => {
    const cli = await cliWithoutAddon();
    onTestFinished(cli.remove);
    const harness = await createKeychainHarness(cli.bin);
    onTestFinished(harness.close);
    await harness.keep('keychain', harness.sandbox.key);
    const { problems } = await doctor(harness.vastai);
    // Keys are read over the bus; what needs the addon is to save and remove them.
    expect(problems.map(({ check }) => check)).toEqual(['keychain']);
    expect(problems[0]?.message).toContain('addon (keytar) is not installed');
  });

  it('reports no problem of an unused keychain', async ({ harness }) => {
    const { vastai, keep, sandbox, keychain } = harness;
    await keep('file', sandbox.key);
    await keychain.lock();
    const locked = await doctor(vastai);
    expect(locked.problems).toEqual([]);
    expect(locked.checks).toContainEqual({
      check: 'keychain',
      state: 'info',
      message: 'The keychain is locked.',
    });
    const missing = await doctor(vastai, { DBUS_SESSION_BUS_ADDRESS: undefined });
    expect(missing.problems).toEqual([]);
    expect(missing.checks).toContainEqual({
      check: 'keychain',
      state: 'info',
      message: expect.stringMatching(/no D-Bus session.*Keys are saved in files instead/),
    });
  });
});
