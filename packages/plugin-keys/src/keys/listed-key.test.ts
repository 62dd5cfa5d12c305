import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import type { Capability } from '@vastai-cli/permissions/decision/capability-names';
import { describe, expect, it } from 'vitest';
import { couldDo } from './key-capabilities.js';
import { usageOf } from './key-usage.js';
import { type ListedKey, matchesName, sortKeys } from './listed-key.js';

const key = (id: number, more: Partial<ListedKey> = {}): ListedKey => ({
  id,
  name: null,
  permissions: null,
  full_access: null,
  key_type: null,
  team_id: null,
  team_name: null,
  created_at: null,
  ...more,
});
const limited = (api: object): Partial<ApiKeyRecord> => ({ permissions: { api }, full_access: false });
const ids = (keys: readonly ApiKeyRecord[]) => keys.map(({ id }) => id);

describe('the use of a key', () => {
  const reads = key(1, limited({ instance_read: {} }));
  const writes = key(2, limited({ instance_write: {} }));
  const full = key(3, { full_access: true });
  const unknown = key(4);
  const use = { calls: 3, lastUsed: 50, lastIp: '192.0.2.1' };

  it('is what the audit log shows', () => {
    for (const one of [reads, writes, full, unknown])
      expect(usageOf(one, use, 70)).toEqual({
        usage: 'used',
        last_used: 50,
        last_ip: '192.0.2.1',
        calls: 3,
        expires: 70,
      });
  });

  it.each([
    [reads, 'not_observable'],
    [unknown, 'not_observable'],
    [writes, 'never_seen'],
    [full, 'never_seen'],
  ])('of %j is %s without a call', (one, usage) => {
    expect(usageOf(one, undefined, undefined)).toEqual({
      usage,
      last_used: null,
      last_ip: null,
      calls: 0,
      expires: null,
    });
  });
});

describe('a list of keys', () => {
  const keys = [
    key(3, { name: 'ci-linux', created_at: 30, last_used: 9, ...limited({ user_read: {} }) }),
    key(1, { name: 'laptop', created_at: '1970-01-01T00:00:20Z', full_access: true, expires: 7 }),
    key(2, { last_used: 8, expires: 6 }),
    key(4, { name: 'ci-mac', created_at: 10, ...limited({ team_read: {} }) }),
  ];

  it.each([
    ['ci-*', [3, 4]],
    ['', [2]],
    ['*', [3, 1, 2, 4]],
  ])('has keys with a name like "%s"', (pattern, expected) => {
    expect(ids(keys.filter((one) => matchesName(pattern, one)))).toEqual(expected);
  });

  it.each<[readonly Capability[], readonly number[]]>([
    [['read-secrets'], [3, 1, 2]],
    [
      ['mint-keys', 'spend-money'],
      [1, 2],
    ],
    [[], []],
  ])('has keys that could do %j', (can, expected) => {
    expect(ids(keys.filter((one) => couldDo(one, can)))).toEqual(expected);
  });

  it.each([
    [undefined, [3, 1, 2, 4]],
    ['id', [1, 2, 3, 4]],
    ['name', [3, 4, 1, 2]],
    ['created', [4, 1, 3, 2]],
    ['last-used', [2, 3, 1, 4]],
    ['expires', [2, 1, 3, 4]],
  ] as const)('is sorted by %s, without changing the original', (by, expected) => {
    expect(ids(sortKeys(keys, by))).toEqual(expected);
    expect(ids(keys)).toEqual([3, 1, 2, 4]);
  });
});
