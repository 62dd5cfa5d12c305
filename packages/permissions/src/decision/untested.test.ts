import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { hasCapability } from './capabilities.js';
import { CAPABILITIES } from './capability-names.js';
import { decideOperation } from './decide.js';
import type { TestCase } from './test-cases.js';
import { untestedCapabilities } from './untested.js';

const caseOf = (ask: TestCase['ask'], subject: string): TestCase => ({
  name: subject,
  ask,
  subject,
  parameters: {},
  expect: 'deny',
});

describe('untestedCapabilities', () => {
  const DOCUMENT = {
    api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
  };

  it('returns what the document allows and no case mentions', () => {
    expect(untestedCapabilities(DOCUMENT, [])).toEqual([
      { capability: 'destroy', can: ['instance.destroy'], may: [] },
    ]);
    expect(untestedCapabilities({ api: { instance_read: {} } }, []).flatMap(({ can }) => can)).not.toContain(
      'instance.destroy',
    );
  });

  it.each<[TestCase['ask'], string]>([
    ['operation', 'instance.destroy'],
    ['operation', 'api.instance.destroy'],
    ['request', 'DELETE /api/v0/instances/6/'],
    ['command', 'destroy instance'],
  ])('counts the operations of a case with the %s %s as mentioned', (ask, subject) => {
    expect(untestedCapabilities(DOCUMENT, [caseOf(ask, subject)])).toEqual([]);
  });

  it('tells apart what the document may allow', () => {
    const open = { api: { instance_write: {}, params: {} } };
    const [first] = untestedCapabilities(open, []).filter(({ capability }) => capability === 'destroy');
    expect(first).toMatchObject({ can: [], may: expect.arrayContaining(['instance.destroy']) });
  });

  it('has every risky operation with a known category, of any document and cases, exactly where it belongs', () => {
    const node = fc.constantFrom({}, { 'api.instance.destroy': {} }, { 'api.x.y': {} }, 5);
    const document = fc.oneof(
      fc.constant(null),
      fc.record({
        api: fc.record({ misc: node, instance_write: node, user_write: node }, { requiredKeys: [] }),
      }),
    );
    const names = fc.uniqueArray(fc.constantFrom(...OPERATIONS.map(({ operation }) => operation)));
    fc.assert(
      fc.property(document, names, (made, tested) => {
        const untested = untestedCapabilities(
          made,
          tested.map((name) => caseOf('operation', name)),
        );
        for (const capability of CAPABILITIES) {
          const of = untested.find((one) => one.capability === capability);
          for (const operation of OPERATIONS.filter((one) => hasCapability(one, capability))) {
            const { operation: name, category } = operation;
            const counts = category !== 'unknown' && !tested.includes(name);
            const { verdict } = decideOperation(made, name, { id: 5 });
            expect(of?.can.includes(name) ?? false).toBe(counts && verdict === 'allow');
            expect(of?.may.includes(name) ?? false).toBe(counts && verdict === 'unknown');
          }
        }
      }),
      { numRuns: 100, seed: 14 },
    );
  });
});
