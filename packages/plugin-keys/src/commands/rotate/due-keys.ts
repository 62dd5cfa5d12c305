import { type ApiKeyRecord, listApiKeys, noSuchKey } from '@vastai-cli/core/internal/api/api-keys';
import { isSystemKey, primaryKeys } from '@vastai-cli/core/internal/api/primary-key';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { note, type Result, sentence, table } from '@vastai-cli/kit/result';
import { keyColumns } from '../show/key-columns.js';

/**
 * Lists the keys that were created longer ago than `age`, without those that cannot be rotated: the primary key, and keys that
 * Vast.ai made.
 *
 * @param age in seconds
 * @param now in seconds since 1970
 * @param id the only key to look at, if any
 */
export async function dueKeys(client: Client, age: number, now: number, id?: number): Promise<Result> {
  const { value: keys } = await listApiKeys(client);
  const primary = primaryKeys(keys);
  const looked = keys.filter((key) =>
    id === undefined ? !primary.has(key.id) && !isSystemKey(key) : key.id === id,
  );
  if (id !== undefined && looked.length === 0) throw noSuchKey(id, {});
  const created = (key: ApiKeyRecord) => secondsOf(key.created_at);
  const due = looked.filter((key) => now - (created(key) ?? Number.POSITIVE_INFINITY) > age);
  const dateless = looked.filter((key) => created(key) === null).map(({ id: one }) => one);
  return {
    document: due,
    human: due.length === 0 ? [sentence('No key is due.')] : [table(keyColumns, due)],
    remarks:
      dateless.length === 0
        ? []
        : [note(`The API does not say when these keys were created: ${dateless.join(' ')}`)],
    endsWith: due.length === 0 ? undefined : 'findings',
  };
}
