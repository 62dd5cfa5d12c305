import { primaryKeys } from '@vastai-cli/core/internal/api/primary-key';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { usageOf } from '../../keys/key-usage.js';
import {
  chosenKeys,
  type KeptReason,
  type PrunableKey,
  type PruneCriteria,
  planPrune,
} from './prune-plan.js';

const DAY = 86_400;
const NOW = 1_800_000_000;
const ago = (days: number) => NOW - days * DAY;
const writes = { api: { instance_write: {} } };
const reads = { api: { instance_read: {} } };
const UNUSED: PruneCriteria = { unusedFor: 90 * DAY, includeUnseen: false, expired: false };

const key = (id: number, more: Partial<PrunableKey> = {}): PrunableKey => ({
  id,
  name: `key ${id}`,
  permissions: writes,
  full_access: false,
  key_type: 'user',
  team_id: null,
  team_name: null,
  created_at: ago(400),
  usage: 'used',
  last_used: ago(100),
  last_ip: null,
  calls: 1,
  expires: null,
  ...more,
});

const chosen = (one: PrunableKey, more: Partial<PruneCriteria> = {}) =>
  chosenKeys([one], { ...UNUSED, ...more }, NOW)[0]?.cause;
const unseen = { usage: 'never_seen', last_used: null, calls: 0 } as const;
const hidden = { usage: 'not_observable', last_used: null, calls: 0, permissions: reads } as const;

describe('the keys to prune', () => {
  it.each<[string, string | undefined, PrunableKey, Partial<PruneCriteria>]>([
    ['a key whose last use is older', 'unused', key(1), {}],
    ['not one that was used since', undefined, key(1, { last_used: ago(80) }), {}],
    ['not one whose last use has no time', undefined, key(1, { last_used: null }), {}],
    ['not one that was never seen', undefined, key(1, unseen), {}],
    ['one that was never seen, if asked', 'never_seen', key(1, unseen), { includeUnseen: true }],
    ['not a young one', undefined, key(1, { ...unseen, created_at: ago(80) }), { includeUnseen: true }],
    ['not one of unknown age', undefined, key(1, { ...unseen, created_at: 'x' }), { includeUnseen: true }],
    ['not one that the log never shows', undefined, key(1, hidden), { includeUnseen: true }],
    ['one after its date', 'expired', key(1, { expires: NOW }), { expired: true }],
    ['also if the log never shows it', 'expired', key(1, { ...hidden, expires: NOW }), { expired: true }],
    ['not one before its date', undefined, key(1, { last_used: NOW, expires: NOW + 1 }), { expired: true }],
    ['not one after its date, if not asked', undefined, key(1, { last_used: NOW, expires: 1 }), {}],
    ['one with such a name', 'unused', key(1, { name: 'ci-1' }), { name: 'ci-*' }],
    ['not one with another name', undefined, key(1), { name: 'ci-*' }],
    ['not one without a name', undefined, key(1, { name: null }), { name: 'ci-*' }],
  ])('are %s: %s', (_, cause, one, criteria) => {
    expect(chosen(one, criteria)).toBe(cause);
  });

  it('are never those that have to stay, in 1,000 random accounts', () => {
    const time = fc.oneof(fc.constant(null), fc.integer({ min: ago(500), max: NOW }));
    const record = fc.record({
      name: fc.constantFrom(null, '', 'ci', 'ci-2', 'laptop', 'exec 1'),
      permissions: fc.constantFrom(null, writes, reads, { api: {} }, { odd: 1 }),
      full_access: fc.constantFrom(true, false, null),
      key_type: fc.constantFrom(null, 'user', 'primary', 'Primary', 'system'),
      created_at: fc.oneof(time, fc.constantFrom('2020-01-01', 'soon')),
      use: fc.option(
        fc.record({
          calls: fc.integer({ min: 1, max: 9 }),
          lastUsed: time,
          lastIp: fc.constantFrom(null, '192.0.2.1'),
        }),
        { nil: undefined },
      ),
      expires: fc.option(fc.integer({ min: ago(500), max: NOW + 500 * DAY }), { nil: undefined }),
    });
    const criteria = fc.record({
      unusedFor: fc.option(fc.integer({ min: 0, max: 400 * DAY }), { nil: undefined }),
      includeUnseen: fc.boolean(),
      expired: fc.boolean(),
      name: fc.constantFrom(undefined, '*', 'ci*'),
    });
    const reason = fc.constantFrom<KeptReason>('in_use', 'profile', 'rotation', 'run');
    const account = fc.record({
      records: fc.array(record, { minLength: 1, maxLength: 40 }),
      criteria,
      byId: fc.dictionary(fc.integer({ min: 1, max: 40 }).map(String), reason, { maxKeys: 12 }),
      byName: fc.dictionary(fc.constantFrom('ci-2', 'exec 1'), reason),
    });
    fc.assert(
      fc.property(account, ({ records, criteria: asked, byId, byName }) => {
        const keys = records.map(({ use, expires, ...more }, at) => {
          const one = { ...key(at + 1), ...more };
          return { ...one, ...usageOf(one, use, expires) };
        });
        const stay = new Map(Object.entries(byId).map(([id, why]) => [Number(id), why]));
        const protection = { byId: stay, byName: new Map(Object.entries(byName)) };
        const picked = chosenKeys(keys, asked, NOW);
        const { doomed, kept } = planPrune(picked, keys, protection);
        const primary = primaryKeys(keys);
        for (const { key: one, cause } of doomed) {
          expect(stay.has(one.id) || primary.has(one.id)).toBe(false);
          expect(one.key_type?.toLowerCase()).not.toBe('primary');
          expect(one.key_type).not.toBe('system');
          expect(Object.keys(byName)).not.toContain(one.name);
          if (cause !== 'expired') expect(one.usage).not.toBe('not_observable');
          if (cause === 'expired') expect(one.expires).toBeLessThanOrEqual(NOW);
        }
        // Each chosen key is in one of the lists, once.
        const ids = [...doomed.map(({ key: one }) => one.id), ...kept.map(({ id }) => id)];
        expect(ids.sort((a, b) => a - b)).toEqual(picked.map(({ key: one }) => one.id));
      }),
      { numRuns: 1000 },
    );
  });
});
