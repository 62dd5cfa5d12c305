import type { ApiKeyRecord } from './api-keys.js';

/**
 * Returns the keys of a list that are, or may be, the primary key of the account, which can only be reset: those that the
 * list calls so, or else those with neither a name nor a permission document.
 *
 * @param records all keys of the list
 */
export function primaryKeys(records: readonly ApiKeyRecord[]): ReadonlySet<number> {
  const called = records.filter(({ key_type: type }) => type?.toLowerCase() === 'primary');
  const nameless = records.filter(({ name, permissions }) => !name && permissions === null);
  return new Set((called.length > 0 ? called : nameless).map(({ id }) => id));
}

/** Returns true for a key that Vast.ai made, which only Vast.ai can delete. */
export function isSystemKey({ key_type: type }: Pick<ApiKeyRecord, 'key_type'>): boolean {
  return type?.toLowerCase() === 'system';
}
