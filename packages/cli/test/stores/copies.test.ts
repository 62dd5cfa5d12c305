import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import type { KeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { expect } from 'vitest';
import { doctor } from '../support/doctor.js';
import { drifted, runAsPrinted } from '../support/drifted.js';

const KEEP_FILE = ['config', 'migrate', '--to', 'keychain', '--keep-file'];
const KEYCHAIN = 'keychain (vastai, default)';

describe('auth status and doctor', () => {
  const problemsOf = async ({ vastai }: KeychainHarness, ...args: string[]) => {
    const { sources } = (await vastai(['auth', 'status', '--offline', '--json', ...args])).json();
    return sources.flatMap((one: { source: string; problems: { code: string; fix: string }[] }) =>
      one.problems.map((problem) => ({ source: one.source, ...problem })),
    );
  };

  it.for([[], ['--keep-file']])('tell that the file drifted apart %j', async (kept, { harness }) => {
    const { saved, other } = await drifted(harness, ...kept);
    const problems = await problemsOf(harness);
    expect(problems).toMatchObject([{ source: 'file', code: 'different_copy' }]);
    const report = await doctor(harness.vastai);
    expect(report.problems).toMatchObject([{ check: 'key' }]);
    for (const { message } of [problems[0], report.problems[0]])
      for (const key of [saved, other]) expect(message).toContain(`…${key.slice(-4)}`);
    for (const { fix } of [problems[0], report.problems[0]]) expect(fix).not.toMatch(/\brm\b/);
    const ran = await runAsPrinted(harness, problems[0].fix, 'To replace');
    expect(ran.status).toBe(0);
    expect(await harness.home.read(KEY_FILE)).toBe(saved);
  });

  it('tell of a different entry in the keychain that is not on record', async ({ harness }) => {
    const { keep, keychain, sandbox, unknownKey, vastai } = harness;
    const other = await unknownKey();
    await keep('file', sandbox.key);
    await keychain.store('default', other);
    const [problem] = await problemsOf(harness);
    expect(problem).toMatchObject({ source: 'keychain', code: 'different_copy' });
    for (const key of [sandbox.key, other]) expect(problem.message).toContain(`…${key.slice(-4)}`);
    expect((await doctor(vastai)).problems).toMatchObject([{ check: 'key' }]);
    expect((await runAsPrinted(harness, problem.fix, 'To replace')).status).toBe(0);
    expect(await harness.token()).toBe(sandbox.key);
    expect(await problemsOf(harness)).toEqual([]);
  });

  it('tell how to get rid of a leftover of the same key', async ({ harness }) => {
    const { keep, keychain, sandbox, vastai } = harness;
    await keep('file', sandbox.key);
    await keychain.store('default', sandbox.key);
    const [problem] = await problemsOf(harness);
    expect(problem).toMatchObject({ source: 'keychain', code: 'unused_copy' });
    expect((await doctor(vastai)).problems).toEqual([]);
    expect((await vastai(problem.fix.split(' ').slice(1))).status).toBe(0);
    expect(await problemsOf(harness)).toEqual([]);
  });

  it('find nothing wrong with a copy that --keep-file left, and do not advise to remove it', async ({
    harness,
  }) => {
    const { vastai, keep, sandbox } = harness;
    await keep('file', sandbox.key);
    await vastai(KEEP_FILE);
    const problems = await problemsOf(harness);
    expect(problems).toMatchObject([{ source: 'file', code: 'kept_copy' }]);
    expect(problems[0].fix).not.toMatch(/\brm\b/);
    expect((await doctor(vastai)).problems).toEqual([]);
  });

  it('say that a locked keychain has an entry too, and ask for no password', async ({ harness }) => {
    const { keep, keychain, sandbox, vastai, unknownKey } = harness;
    await keep('file', sandbox.key);
    await keychain.store('default', await unknownKey());
    await keychain.lock();
    expect(await problemsOf(harness)).toMatchObject([{ source: 'keychain', code: 'unused_copy' }]);
    expect((await doctor(vastai)).problems).toEqual([]);
  });

  it('name both keys where the legacy file holds another one', async ({ harness }) => {
    const { vastai, keep, sandbox, home, unknownKey } = harness;
    const legacy = await unknownKey();
    await keep('keychain', sandbox.key);
    await harness.home.write(SETTINGS, '{"version":1,"profiles":{"default":{"storage":"keychain"}}}');
    await home.write(LEGACY_FILE, legacy);
    const [problem] = await problemsOf(harness);
    const report = await doctor(vastai);
    expect(report.problems).toMatchObject([{ check: 'file' }]);
    for (const { message } of [problem, report.problems[0]])
      for (const key of [sandbox.key, legacy]) expect(message).toContain(`…${key.slice(-4)}`);
    expect((await runAsPrinted(harness, problem.fix, 'instead:')).status).toBe(4);
    expect(await home.read(LEGACY_FILE)).toBe(legacy);
  });
});

describe('set api-key', () => {
  it('says which key it replaced, wherever that was', async ({ harness }) => {
    const { saved, other } = await drifted(harness, '--keep-file');
    const { value } = await harness.addKey({ name: 'new' });
    const ran = await harness.vastai(['set', 'api-key', value]);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`replaced the key …${saved.slice(-4)} in the keychain`);
    expect(ran.stderr).toContain(`replaced the key …${other.slice(-4)} in ${harness.home.at(KEY_FILE)}`);
    expect(ran.stderr).not.toContain('Removed the older copy');
    expect(await harness.home.read(KEY_FILE)).toBeUndefined();
    expect(await harness.record()).not.toHaveProperty('kept_file');
    const again = await harness.vastai(['set', 'api-key', saved, '--json']);
    expect(again.json().replaced).toEqual([{ location: KEYCHAIN, suffix: value.slice(-4) }]);
  });

  it('says that an older copy was removed where it was the same key', async ({ harness }) => {
    const { vastai, keep, sandbox, home } = harness;
    await keep('file', sandbox.key);
    await vastai(KEEP_FILE);
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.stderr).toContain(`Removed the older copy in ${home.at(KEY_FILE)}`);
    expect(ran.stderr).not.toContain('replaced');
  });
});
