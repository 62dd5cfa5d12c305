import { deleteApiKey } from '@vastai-cli/core/api/api-keys';
import type { Client } from '@vastai-cli/core/api/client';
import { isVastaiError, type VastaiError } from '@vastai-cli/core/errors';

/** What became of each id; after an interruption, ids that were not reached are in none of the lists. */
export interface Deletion {
  readonly deleted: readonly number[];
  /** There was no such key. */
  readonly absent: readonly number[];
  readonly failed: readonly { readonly id: number; readonly error: VastaiError }[];
}

/** Deletes keys one after the other; all are tried, unless the person interrupts. */
export async function deleteKeys(client: Client, ids: readonly number[]): Promise<Deletion> {
  const deleted: number[] = [];
  const absent: number[] = [];
  const failed: { id: number; error: VastaiError }[] = [];
  for (const id of ids) {
    try {
      await deleteApiKey(client, id);
      deleted.push(id);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      if (error.code === 'not_found') absent.push(id);
      else failed.push({ id, error });
      if (error.code === 'interrupted') break;
    }
  }
  return { deleted, absent, failed };
}
