import { describe, expect, it } from 'vitest';
import type { ApiKeyRecord } from './api-keys.js';
import { isSystemKey, primaryKeys } from './primary-key.js';

const key = (id: number, more: Partial<ApiKeyRecord> = {}): ApiKeyRecord => ({
  id,
  name: 'ci',
  permissions: null,
  full_access: null,
  key_type: null,
  team_id: null,
  team_name: null,
  created_at: null,
  ...more,
});

describe('the primary key', () => {
  it.each([
    ['the one that the list calls so', [key(1, { key_type: 'Primary' }), key(2, { name: null })], [1]],
    ['the one with neither a name nor a document', [key(1), key(2, { name: '' })], [2]],
    ['any of several such keys', [key(1, { name: null }), key(2, { name: null })], [1, 2]],
    ['not a key with a name or a document', [key(1), key(2, { name: null, permissions: {} })], []],
  ])('is %s', (_, records, expected) => {
    expect([...primaryKeys(records)]).toEqual(expected);
  });
});

describe('a key that Vast.ai made', () => {
  it.each([
    ['system', true],
    ['System', true],
    ['user', false],
    [null, false],
  ])('is one of the type %s: %s', (key_type, expected) => {
    expect(isSystemKey({ key_type })).toBe(expected);
  });
});
