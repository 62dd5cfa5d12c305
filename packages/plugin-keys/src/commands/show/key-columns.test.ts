import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { describe, expect, it } from 'vitest';
import { keyColumns } from './key-columns.js';

const KEY = {
  id: 42,
  name: 'ci',
  permissions: { api: { misc: {}, user_read: {} } },
  full_access: false,
  key_type: 'user',
  team_id: null,
  team_name: null,
  created_at: 1_735_689_600,
};
const cells = (change: Partial<ApiKeyRecord>) => keyColumns.map(({ value }) => value({ ...KEY, ...change }));

describe('keyColumns', () => {
  it('shows the categories of a key and the day it was created', () => {
    expect(cells({})).toEqual(['42', 'ci', 'misc, user_read', '-', '2025-01-01']);
  });

  it('distinguishes full access, none and unknown', () => {
    expect(cells({ permissions: null, full_access: true })[2]).toBe('full access');
    expect(cells({ permissions: null, full_access: null })[2]).toBe('unknown');
    expect(cells({ permissions: { api: {} } })[2]).toBe('none');
    expect(cells({ permissions: {} })[2]).toBe('none');
    for (const api of ['all', [], null, 0, true]) expect(cells({ permissions: { api } })[2]).toBe('unknown');
  });

  it('handles missing and unusual values', () => {
    expect(cells({ name: null, team_name: 'ops', created_at: null })).toEqual([
      '42',
      '',
      'misc, user_read',
      'ops',
      '-',
    ]);
    expect(cells({ created_at: '2026-03-04T05:06:07Z' })[4]).toBe('2026-03-04');
    expect(cells({ created_at: 1e300 })[4]).toBe('-');
  });
});
