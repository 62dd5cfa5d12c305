import { describe, expect, it } from 'vitest';
import { CAPABILITIES } from '../decision/capability-names.js';
import { validate } from '../validation/validate.js';
import { failedGates, violationLine } from './gates.js';
import { allowanceFor, atLevels, hasExpired, type Policy, rulesFor } from './policy.js';

const found = (api: object) => validate(JSON.stringify({ api }), 'f').diagnostics;

describe('rulesFor', () => {
  const policy: Policy = {
    failLevel: 'security',
    failOn: ['mint-keys'],
    levels: { VP101: 'off', VP207: 'off' },
    allow: [],
    overrides: [
      { files: ['keys/**'], levels: { VP101: 'error' } },
      { files: ['keys/admin.json', 'x'], failOn: [], failLevel: 'error' },
    ],
  };

  it('takes the rules of the policy for a file that no override names', () => {
    expect(rulesFor(policy, 'perms.json')).toEqual({
      failLevel: 'security',
      failOn: ['mint-keys'],
      levels: { VP101: 'off', VP207: 'off' },
    });
  });

  it('replaces single rules by those of the overrides, in order', () => {
    expect(rulesFor(policy, 'keys/admin.json')).toEqual({
      failLevel: 'error',
      failOn: [],
      levels: { VP101: 'error', VP207: 'off' },
    });
  });
});

describe('atLevels', () => {
  it('leaves out what is off, and changes the severity of the rest', () => {
    const diagnostics = found({ billing_write: {}, instance_read: { 'api.x.y': {} } });
    const codes = atLevels(diagnostics, { VP101: 'off', VP205: 'error' });
    expect(codes.map(({ code, severity }) => [code, severity])).toEqual([['VP205', 'error']]);
    expect(atLevels(diagnostics)).toEqual(diagnostics);
  });
});

describe('allowanceFor', () => {
  const [spends] = found({ billing_write: {} });
  const allowance = { finding: 'VP205', files: ['keys/*.json'], reason: 'r' };

  it('applies to one finding in the files that it names', () => {
    if (spends === undefined) throw new Error('there is no finding');
    expect(allowanceFor(spends, 'keys/a.json', [allowance])).toBe(allowance);
    expect(allowanceFor(spends, 'a.json', [allowance])).toBeUndefined();
    const here = { ...allowance, path: '$.api.billing_write' };
    const there = { ...allowance, path: '$.api.misc' };
    expect(allowanceFor(spends, 'keys/a.json', [there, here])).toBe(here);
    expect(allowanceFor({ gate: 'spend-money' }, 'keys/a.json', [allowance])).toBeUndefined();
    const gate = { finding: 'spend-money', reason: 'r' };
    expect(allowanceFor({ gate: 'spend-money' }, 'a', [gate])).toBe(gate);
  });

  it('expires after its last day', () => {
    const until = { ...allowance, expires: '2026-03-31' };
    expect(hasExpired(until, '2026-03-31')).toBe(false);
    expect(hasExpired(until, '2026-04-01')).toBe(true);
    expect(hasExpired(allowance, '2999-01-01')).toBe(false);
  });
});

describe('failedGates', () => {
  it('names what the document lets a key do, in one line', () => {
    const [failed, ...others] = failedGates('f', { api: { billing_write: {}, misc: {} } }, ['spend-money']);
    expect(others).toEqual([]);
    expect(failed).toMatchObject({ gate: 'spend-money', file: 'f', certain: true });
    expect(failed && violationLine(failed)).toMatch(
      /^Gate failed: f lets a key spend money \(spend-money\): [\w.]+, [\w.]+, [\w.]+ and \d+ more\.$/u,
    );
  });

  it('counts what the document may allow, and everything for a file with errors', () => {
    const [may] = failedGates('f', { api: { user_write: { 'api.sshkeys.create': {} } } }, ['mint-keys']);
    expect(may).toMatchObject({ certain: false });
    expect(may && violationLine(may)).toContain(
      'create API keys (mint-keys), as far as is known: apikey.create',
    );
    const [broken] = failedGates('f', undefined, ['destroy']);
    expect(broken && violationLine(broken)).toBe(
      'Gate failed: f has errors, so a key could destroy things (destroy).',
    );
    expect(failedGates('f', null, ['read-secrets'])).toMatchObject([{ certain: true }]);
    expect(failedGates('f', { api: { billing_read: {} } }, CAPABILITIES)).toEqual([]);
    expect(failedGates('f', undefined, [])).toEqual([]);
  });
});
