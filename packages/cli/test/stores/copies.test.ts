import { expect } from 'vitest';
import { doctor } from '../support/doctor.js';
import { drifted, runAsPrinted } from '../support/drifted.js';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '../support/places.js';
import { describe, it, type KeychainStage } from '../support/with-keychain.js';

const KEEP_FILE = ['config', 'migrate', '--to', 'keychain', '--keep-file'];
const KEYCHAIN = 'keychain (vastai, default)';

describe('auth status and doctor', () => {
  const problemsOf = async ({ vastai }: KeychainStage, ...args: string[]) => {
    const { sources } = (await vastai(['auth', 'status', '--offline', '--json', ...args])).json();
    return sources.flatMap((one: { source: string; problems: { code: string; fix: string }[] }) =>
      one.problems.map((problem) => ({ source: one.source, ...problem })),
    );
  };

  it.for([[], ['--keep-file']])('tell that the file drifted apart %j', async (kept, { stage }) => {
    const { saved, other } = await drifted(stage, ...kept);
    const problems = await problemsOf(stage);
    expect(problems).toMatchObject([{ source: 'file', code: 'different_copy' }]);
    const report = await doctor(stage.vastai);
    expect(report.problems).toMatchObject([{ check: 'key' }]);
    for (const { message } of [problems[0], report.problems[0]])
      for (const key of [saved, other]) expect(message).toContain(`…${key.slice(-4)}`);
    for (const { fix } of [problems[0], report.problems[0]]) expect(fix).not.toMatch(/\brm\b/);
    const ran = await runAsPrinted(stage, problems[0].fix, 'To replace');
    expect(ran.status).toBe(0);
    expect(await stage.home.read(KEY_FILE)).toBe(saved);
  });

  it('tell of a different entry in the keychain that is not on record', async ({ stage }) => {
    const { keep, keychain, sandbox, unknownKey, vastai } = stage;
    const other = await unknownKey();
    await keep('file', sandbox.key);
    await keychain.store('default', other);
    const [problem] = await problemsOf(stage);
    expect(problem).toMatchObject({ source: 'keychain', code: 'different_copy' });
    for (const key of [sandbox.key, other]) expect(problem.message).toContain(`…${key.slice(-4)}`);
    expect((await doctor(vastai)).problems).toMatchObject([{ check: 'key' }]);
    expect((await runAsPrinted(stage, problem.fix, 'To replace')).status).toBe(0);
    expect(await stage.token()).toBe(sandbox.key);
    expect(await problemsOf(stage)).toEqual([]);
  });

  it('tell how to get rid of a leftover of the same key', async ({ stage }) => {
    const { keep, keychain, sandbox, vastai } = stage;
    await keep('file', sandbox.key);
    await keychain.store('default', sandbox.key);
    const [problem] = await problemsOf(stage);
    expect(problem).toMatchObject({ source: 'keychain', code: 'unused_copy' });
    expect((await doctor(vastai)).problems).toEqual([]);
    expect((await vastai(problem.fix.split(' ').slice(1))).status).toBe(0);
    expect(await problemsOf(stage)).toEqual([]);
  });

  it('find nothing wrong with a copy that --keep-file left, and do not advise to remove it', async ({
    stage,
  }) => {
    const { vastai, keep, sandbox } = stage;
    await keep('file', sandbox.key);
    await vastai(KEEP_FILE);
    const problems = await problemsOf(stage);
    expect(problems).toMatchObject([{ source: 'file', code: 'kept_copy' }]);
    expect(problems[0].fix).not.toMatch(/\brm\b/);
    expect((await doctor(vastai)).problems).toEqual([]);
  });

  it('say that a locked keychain has an entry too, and ask for no password', async ({ stage }) => {
    const { keep, keychain, sandbox, vastai, unknownKey } = stage;
    await keep('file', sandbox.key);
    await keychain.store('default', await unknownKey());
    await keychain.lock();
    expect(await problemsOf(stage)).toMatchObject([{ source: 'keychain', code: 'unused_copy' }]);
    expect((await doctor(vastai)).problems).toEqual([]);
  });

  it('name both keys where the legacy file holds another one', async ({ stage }) => {
    const { vastai, keep, sandbox, home, unknownKey } = stage;
    const legacy = await unknownKey();
    await keep('keychain', sandbox.key);
    await stage.home.write(SETTINGS, '{"version":1,"profiles":{"default":{"storage":"keychain"}}}');
    await home.write(LEGACY_FILE, legacy);
    const [problem] = await problemsOf(stage);
    const report = await doctor(vastai);
    expect(report.problems).toMatchObject([{ check: 'file' }]);
    for (const { message } of [problem, report.problems[0]])
      for (const key of [sandbox.key, legacy]) expect(message).toContain(`…${key.slice(-4)}`);
    expect((await runAsPrinted(stage, problem.fix, 'instead:')).status).toBe(4);
    expect(await home.read(LEGACY_FILE)).toBe(legacy);
  });
});

describe('set api-key', () => {
  it('says which key it replaced, wherever that was', async ({ stage }) => {
    const { saved, other } = await drifted(stage, '--keep-file');
    const { value } = await stage.addKey({ name: 'new' });
    const ran = await stage.vastai(['set', 'api-key', value]);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`replaced …${saved.slice(-4)} in ${KEYCHAIN}`);
    expect(ran.stderr).toContain(`replaced …${other.slice(-4)} in ${stage.home.at(KEY_FILE)}`);
    expect(ran.stderr).not.toContain('Removed the older copy');
    expect(await stage.home.read(KEY_FILE)).toBeUndefined();
    expect(await stage.record()).not.toHaveProperty('kept_file');
    const again = await stage.vastai(['set', 'api-key', saved, '--json']);
    expect(again.json().replaced).toEqual([{ location: KEYCHAIN, suffix: value.slice(-4) }]);
  });

  it('says that an older copy was removed where it was the same key', async ({ stage }) => {
    const { vastai, keep, sandbox, home } = stage;
    await keep('file', sandbox.key);
    await vastai(KEEP_FILE);
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.stderr).toContain(`Removed the older copy in ${home.at(KEY_FILE)}`);
    expect(ran.stderr).not.toContain('replaced');
  });
});
