import { describe, expect, it } from 'vitest';
import type { Diagnostic, Severity } from '../validation/diagnostics.js';
import { validate } from '../validation/validate.js';
import { countBySeverity, failureTest, withoutCodes } from './selection.js';

const found = (text: string, file = 'f') => validate(text, file).diagnostics;
const warning = found('{ "api": { "instance_read": {} } }');
const securityFinding = found('{ "api": { "billing_write": {} } }');
const error = found('{}');

const hasFailed = (
  all: readonly Diagnostic[],
  { failLevel = 'error', maxWarnings }: { failLevel?: Severity; maxWarnings?: number },
) => all.some(failureTest(all, () => failLevel, maxWarnings));

describe('failureTest', () => {
  it('fails at the given level and above', () => {
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

  it('fails if there are more warnings than allowed, and counts only warnings', () => {
    expect(hasFailed(warning, { maxWarnings: 0 })).toBe(true);
    expect(hasFailed(warning, { maxWarnings: 1 })).toBe(false);
    expect(hasFailed(securityFinding, { maxWarnings: 0 })).toBe(false);
  });
});

describe('withoutCodes', () => {
  it('removes codes in upper or lower case', () => {
    expect(withoutCodes(warning, ['vp207'])).toEqual([]);
    expect(withoutCodes(warning, ['VP104'])).toEqual(warning);
    expect(countBySeverity([...error, ...warning, ...warning])).toEqual({
      error: 1,
      security: 0,
      warning: 2,
    });
  });
});
