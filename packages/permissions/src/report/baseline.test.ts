import { describe, expect, it } from 'vitest';
import { validate } from '../validation/validate.js';
import { baselineOf, beyondBaseline, readBaseline } from './baseline.js';

const found = (text: string, file = 'f') => validate(text, file).diagnostics;
const warning = found('{ "api": { "instance_read": {} } }');

describe('a baseline', () => {
  const two = found('{ "api": { "billing_read": {}, "billing_read": {}, "billing_read": {} } }');

  it('accepts the findings it was made from, on any line, and no others', () => {
    const one = baselineOf(found('{ "api": {\n "billing_read": {},\n "billing_read": {} } }'));
    expect(one).toEqual({
      version: 1,
      findings: [{ file: 'f', code: 'VP009', path: '$.api.billing_read', count: 1 }],
    });
    expect(beyondBaseline(two, one)).toEqual(two.slice(1));
    expect(beyondBaseline(two, baselineOf(two))).toEqual([]);
    expect(
      beyondBaseline(found('{ "api": { "instance_read": {} } }', 'g'), baselineOf(warning)),
    ).toHaveLength(1);
  });

  it('can be read back, unlike anything else', () => {
    const baseline = baselineOf([...two, ...warning]);
    expect(readBaseline(JSON.parse(JSON.stringify(baseline)))).toEqual(baseline);
    for (const value of [null, 'x', [], {}, { version: 2, findings: [] }, { version: 1 }]) {
      expect(readBaseline(value)).toBeUndefined();
    }
  });

  const accepted = { file: 'f', code: 'VP207', path: '$', count: 1 };

  it.each([
    null,
    'x',
    {},
    { ...accepted, file: 1 },
    { ...accepted, code: null },
    { ...accepted, path: undefined },
    { ...accepted, count: '1' },
    { ...accepted, count: 1.5 },
  ])('is invalid if one of its findings is %j', (odd) => {
    expect(readBaseline({ version: 1, findings: [accepted, accepted] })).toBeDefined();
    expect(readBaseline({ version: 1, findings: [accepted, odd, accepted] })).toBeUndefined();
  });

  it('is sorted by file, code and path', () => {
    const all = [...found('{ "api": { "billing_write": {} } }', 'g'), ...two, ...warning];
    const { findings } = baselineOf(all);
    expect(findings.map(({ file, code, path }) => [file, code, path])).toEqual([
      ['f', 'VP009', '$.api.billing_read'],
      ['f', 'VP207', '$.api.instance_read'],
      ['g', 'VP205', '$.api.billing_write'],
    ]);
    expect(baselineOf([...all].reverse())).toEqual({ version: 1, findings });
  });
});
