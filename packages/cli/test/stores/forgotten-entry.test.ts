import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { expect } from 'vitest';
import { doctor } from '../support/doctor.js';

/** As a kill leaves it between the record of the file and the removal of the entry. */
async function leaveEntry({ keep, keychain, sandbox, unknownKey }: KeychainHarness): Promise<string> {
  await keep('file', sandbox.key);
  const forgotten = await unknownKey();
  await keychain.store('default', forgotten);
  return forgotten.slice(-4);
}

describe('an entry of the keychain, while a file is on record', () => {
  it('is shown by auth status, which is content with the key in the file', async ({ harness }) => {
    const suffix = await leaveEntry(harness);
    const { status, stdout } = await harness.vastai(['auth', 'status']);
    expect(status).toBe(0);
    expect(stdout).toMatch(new RegExp(`keychain +present +…${suffix}`));
    expect(stdout).toMatch(new RegExp(`has a different key \\(…${suffix}\\)`));
    expect(stdout).toContain('vastai config migrate --to keychain --force');
    const report = (await harness.vastai(['auth', 'status', '--json'])).json();
    expect(report).toMatchObject({ active: { source: 'file' }, state: 'verified' });
    expect(report.sources).toContainEqual(
      expect.objectContaining({ source: 'keychain', state: 'present', suffix, active: false }),
    );
  });

  it('is a finding of doctor, which names both keys', async ({ harness }) => {
    const suffix = await leaveEntry(harness);
    const { problems } = await doctor(harness.vastai);
    const message = expect.stringMatching(`…${suffix}.*…${harness.sandbox.key.slice(-4)}`);
    expect(problems).toMatchObject([{ check: 'key', message }]);
  });

  it('is removed by unset api-key, which names it', async ({ harness }) => {
    await leaveEntry(harness);
    const { status, stdout } = await harness.vastai(['unset', 'api-key', '--yes']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('Removed the key from the keychain')]);
    expect(await harness.keychain.lookup('default')).toBeUndefined();
    expect((await harness.vastai(['auth', 'token'])).status).toBe(3);
  });

  it.for(['freeze', 'lock'] as const)(
    'is no obstacle while the keychain does not answer: %s',
    async (trouble, { harness }) => {
      await leaveEntry(harness);
      await harness.keychain[trouble]();
      const env = { VASTAI_KEYCHAIN_TIMEOUT: '0.5' };
      const ran = await harness.vastai(['auth', 'status'], { env });
      expect(ran.status).toBe(0);
      expect(ran.stdout).toMatch(/keychain +unreadable/);
      expect(ran.stdout).toContain('The keychain may have an unused key of profile "default".');
      expect((await doctor(harness.vastai, env)).problems).toEqual([]);
      expect((await harness.vastai(['show', 'user'], { env })).status).toBe(0);
    },
  );
});

describe('a keychain whose default collection is only in memory', () => {
  it('gets no key: it goes to a file, and a note says why', async ({ harness }) => {
    const { vastai, keychain, sandbox, record } = harness;
    await keychain.setDefault('session');
    const asked = await vastai(['set', 'api-key', '-', '--storage', 'keychain'], { input: sandbox.key });
    expect(asked.status).toBe(9);
    expect(asked.stderr).toMatch(/only in memory/);
    const { status, stderr } = await vastai(['set', 'api-key', '-'], { input: sandbox.key });
    expect([status, stderr]).toEqual([0, expect.stringMatching(/only in memory/)]);
    expect(await record()).toMatchObject({ storage: 'file' });
    expect(await keychain.lookup('default')).toBeUndefined();
    const { checks } = await doctor(vastai);
    const message = expect.stringMatching(/only in memory/);
    expect(checks).toContainEqual(expect.objectContaining({ check: 'keychain', state: 'info', message }));
  });
});
