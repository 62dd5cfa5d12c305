import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@vastai-cli/permissions/validation/validate';
import { describe, expect, it } from 'vitest';
import { useWorkingFolder } from '../../test/support/working-folder.js';
import { findPolicy, POLICY_NAME } from './find-policy.js';
import { Judge, type JudgingFlags } from './judge.js';
import { reportOn } from './judged-report.js';

/** VP205 and VP206. */
const RENTS = '{"api":{"misc":{}}}';

const folder = useWorkingFolder();
const { put } = folder;

describe('the policy for a document', () => {
  it('is the closest one, up to the top of the repository', () => {
    expect(findPolicy('a/b/perms.json')).toBeUndefined();
    put(POLICY_NAME, '{}');
    expect(findPolicy('a/b/perms.json')).toBe(POLICY_NAME);
    expect(findPolicy(undefined)).toBe(POLICY_NAME);
    put(`a/${POLICY_NAME}`, '{}');
    expect(findPolicy('a/b/perms.json')).toBe(join('a', POLICY_NAME));
    put('a/b/.git/HEAD', '');
    expect(findPolicy('a/b/perms.json')).toBeUndefined();
    expect(findPolicy('a/perms.json')).toBe(join('a', POLICY_NAME));
  });

  it('is not looked for above the working folder outside a repository', () => {
    put(POLICY_NAME, '{}');
    mkdirSync(join(folder.path, 'a'));
    process.chdir(join(folder.path, 'a'));
    expect(findPolicy('perms.json')).toBeUndefined();
    expect(findPolicy(undefined)).toBeUndefined();
    // A document elsewhere has only its own folder.
    expect(findPolicy('../perms.json')).toBe(join('..', POLICY_NAME));
    expect(findPolicy('../b/perms.json')).toBeUndefined();
  });
});

describe('a judge', () => {
  const checked = (name: string, path: string | undefined = name, text = RENTS) => {
    const { document, diagnostics } = validate(text, name);
    return { name, path, document, diagnostics };
  };
  const judged = async (flags: JudgingFlags = {}, name = 'perms.json', path: string | undefined = name) => {
    const { diagnostics, violations, ...rest } = await new Judge(flags).judge(checked(name, path));
    return {
      ...rest,
      codes: diagnostics.map(({ code, severity }) => `${code} ${severity}`),
      gates: violations.map(({ gate }) => gate),
    };
  };

  it('leaves the findings as they are without a policy', async () => {
    const plain = { codes: ['VP205 security', 'VP206 security'], gates: [], allowed: [] };
    expect(await judged()).toEqual({ ...plain, failLevel: 'error' });
    expect(await judged({ failLevel: 'warning', failOn: ['spend-money', 'spend-money'] })).toEqual({
      ...plain,
      failLevel: 'warning',
      gates: ['spend-money'],
    });
  });

  it('changes levels, and accepts what is allowed for the file until the allowance expires', async () => {
    put(POLICY_NAME, {
      failLevel: 'security',
      failOn: ['spend-money'],
      levels: { VP206: 'warning' },
      allow: [
        { finding: 'VP205', files: ['keys/*.json'], reason: 'CI rents', expires: '9999-12-31' },
        { finding: 'VP206', reason: 'old', expires: '2020-02-29' },
      ],
    });
    expect(await judged()).toEqual({
      codes: ['VP205 security', 'VP206 warning'],
      gates: ['spend-money'],
      allowed: [],
      failLevel: 'security',
    });
    expect(await judged({ failLevel: 'error' }, 'keys/ci.json')).toEqual({
      codes: ['VP206 warning'],
      gates: ['spend-money'],
      failLevel: 'error',
      allowed: [
        {
          finding: 'VP205',
          file: 'keys/ci.json',
          path: expect.any(String),
          reason: 'CI rents',
          expires: '9999-12-31',
          policy: POLICY_NAME,
        },
      ],
    });
    expect((await judged({}, 'keys/ci.json', undefined)).codes).toEqual(['VP206 warning']);
  });

  it('lists the expired allowances of every policy it used, once each', async () => {
    const expired = { finding: 'VP205', reason: 'r', expires: '2020-02-29' };
    put(POLICY_NAME, {
      allow: [expired, { ...expired, expires: '9999-12-31' }, { finding: 'VP206', reason: 'r' }],
    });
    put(`a/${POLICY_NAME}`, { allow: [{ ...expired, finding: 'VP206' }] });
    const judge = new Judge({});
    for (const name of ['perms.json', 'other.json', 'a/perms.json']) await judge.judge(checked(name));
    const one = { policy: POLICY_NAME, line: 1, finding: 'VP205', expires: '2020-02-29' };
    const expected = [one, { ...one, policy: join('a', POLICY_NAME), finding: 'VP206' }];
    expect(await judge.expired()).toEqual(expected);
    const named = await Promise.all(
      ['perms.json', 'a/perms.json'].map(async (name) => ({ name, ...(await judge.judge(checked(name))) })),
    );
    const { report, failLevelOf } = await reportOn([], named, judge, {} as never);
    expect(report).toMatchObject({ files: [], expired: expected });
    expect(report.allowed).toHaveLength(2);
    expect(failLevelOf({ file: 'perms.json' } as never)).toBe('error');
    expect(failLevelOf({ file: 'unknown' } as never)).toBe('error');
  });

  it('uses a named policy for every document', async () => {
    put(POLICY_NAME, 'not a policy');
    put('other.json', { failLevel: 'warning' });
    expect((await judged({ config: 'other.json' })).failLevel).toBe('warning');
    await expect(judged()).rejects.toMatchObject({ code: 'usage' });
  });
});
