import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseTarget } from '../door/target.js';
import { callOf } from './call.js';
import { Judge } from './judge.js';
import type { Policy } from './policy.js';

const CONSTRAINED = { 'api.instance.destroy': { constraints: { id: { eq: 42 } } } };
const POLICIES: readonly Policy[] = [
  {},
  { document: { api: { instance_write: CONSTRAINED, instance_read: {}, misc: {} } } },
  { ownInstances: true, maxCreates: 1 },
];

/** Fields that the policy looks at, or that JavaScript looks at in any object. */
const NAMES = [
  'id',
  'ids',
  'instance_id',
  'src_id',
  'api_endpoint',
  'request_method',
  'request_body',
  'toString',
  'valueOf',
  'toJSON',
  'constructor',
  '__proto__',
];

const body = fc.letrec((tie) => ({
  value: fc.oneof(
    { maxDepth: 4 },
    fc.constantFrom(null, true, 0, -0, 42, 43.5, 1e21, '', '42', 'C.42', 'PUT', '/api/v0/instances/42/'),
    fc.array(tie('value'), { maxLength: 3 }),
    tie('fields'),
  ),
  // Made as `JSON.parse` makes it, with fields of its own whatever their names.
  fields: fc
    .array(fc.tuple(fc.constantFrom(...NAMES), tie('value')), { maxLength: 4 })
    .map((entries) => Object.fromEntries(entries)),
})).fields as fc.Arbitrary<Record<string, unknown>>;

describe('Judge', () => {
  it('has a verdict on any body of any operation', () => {
    fc.assert(
      fc.property(fc.constantFrom(...OPERATIONS), body, ({ method, route }, fields) => {
        const target = parseTarget(route.replace(/\{[^{}]+\}/gu, '42'));
        if (target === undefined) throw new Error(route);
        for (const policy of POLICIES) {
          const judged = new Judge(policy).judge(callOf(method, target, fields));
          expect('refusal' in judged || 'settle' in judged).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
  });
});
