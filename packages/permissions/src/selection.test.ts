import { describe, expect, it } from 'vitest';
import { baselineOf, beyondBaseline, readBaseline } from './baseline.js';
import { countBySeverity, hasFailed, withoutCodes } from './selection.js';
import { validate } from './validate.js';

const found = (text: string, file = 'f') => validate(text, file).diagnostics;
const warning = found('{ "api": {} }');
const securityFinding = found('{ "api": { "billing_write": {} } }');
const error = found('{}');

describe('hasFailed', () => {
  it('fails at the level that is asked for and above it', () => {
    expect([error, securityFinding, warning].map((one) => hasFailed(one, {}))).toEqual([true, false, false]);
    expect([error, securityFinding, warning].map((one) => hasFailed(one, { failLevel: 'security' }))).toEqual(
      [true, true, false],
    );
    expect([error, securityFinding, warning].map((one) => hasFailed(one, { failLevel: 'warning' }))).toEqual([
      true,
      true,
      true,
    ]);
    expect(hasFailed([], { failLevel: 'warning', maxWarnings: 0 })).toBe(false);
  });

  it('fails with more warnings than are allowed, and counts nothing else as one', () => {
    expect(hasFailed(warning, { maxWarnings: 0 })).toBe(true);
    expect(hasFailed(warning, { maxWarnings: 1 })).toBe(false);
    expect(hasFailed(securityFinding, { maxWarnings: 0 })).toBe(false);
  });
});

describe('what is left out', () => {
  it('is chosen by code, in any letters', () => {
    expect(withoutCodes(warning, ['vp105'])).toEqual([]);
    expect(withoutCodes(warning, ['VP104'])).toEqual(warning);
    expect(countBySeverity([...error, ...warning, ...warning])).toEqual({
      error: 1,
      security: 0,
      warning: 2,
    });
  });
});

describe('a baseline', () => {
  const two = found('{ "api": { "billing_read": {}, "billing_read": {}, "billing_read": {} } }');

  it('accepts what it was made of, wherever it has moved, and nothing more', () => {
    const one = baselineOf(found('{ "api": {\n "billing_read": {},\n "billing_read": {} } }'));
    expect(one).toEqual({
      version: 1,
      findings: [{ file: 'f', code: 'VP009', path: '$.api.billing_read', count: 1 }],
    });
    expect(beyondBaseline(two, one)).toEqual(two.slice(1));
    expect(beyondBaseline(two, baselineOf(two))).toEqual([]);
    expect(beyondBaseline(found('{ "api": {} }', 'g'), baselineOf(warning))).toHaveLength(1);
  });

  it('is read back, and anything else is refused', () => {
    const baseline = baselineOf([...two, ...warning]);
    expect(readBaseline(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    for (const value of [
      null,
      [],
      {},
      { version: 2, findings: [] },
      { version: 1, findings: [{}] },
      { version: 1 },
    ]) {
      expect(readBaseline(value)).toBeUndefined();
    }
  });
});
