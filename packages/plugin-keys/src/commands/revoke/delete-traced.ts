import { isOutcomeUnknown } from '@vastai-cli/core/internal/api/unknown-outcome';
import { currentUser } from '@vastai-cli/core/internal/api/users';
import { isVastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { line, type Part, type Result } from '@vastai-cli/kit/result';
import { type Deletion, deleteKeys } from '../delete/delete-keys.js';
import { deletionResult } from '../delete/deletion-result.js';

const LOOK_AGAIN = 'Run the same command again: it says whether the API still knows the key.';

/**
 * Deletes a key. If the key in use may not, the key deletes itself. If the response is lost, the API is asked whether it still
 * knows the key.
 *
 * @param client sends a key of the same account
 * @param own sends the key itself
 */
export async function deleteTraced(
  id: number,
  client: Client,
  own: Client,
  step: (parts: readonly Part[]) => void,
): Promise<Result> {
  const output = { step, progress: () => {} };
  const deletion = await deleteKeys(client, [id], output);
  if (client === own) return deletionResult(await settled(withoutRejection(deletion), own, step));
  if (deletion.failed[0]?.error.code !== 'forbidden')
    return deletionResult(await settled(deletion, own, step));
  return deleteTraced(id, own, own, step);
}

/** A key that can no longer ask for its own deletion was deleted by somebody else. */
function withoutRejection(deletion: Deletion): Deletion {
  const [failed] = deletion.failed;
  if (failed?.error.code !== 'key_rejected') return deletion;
  return { ...deletion, failed: [], absent: [failed.id] };
}

/** Finds out what a deletion did whose outcome is unknown. */
async function settled(
  deletion: Deletion,
  own: Client,
  step: (parts: readonly Part[]) => void,
): Promise<Deletion> {
  const [failed] = deletion.failed;
  if (failed === undefined) return deletion;
  const { id, error } = failed;
  if (!isOutcomeUnknown(error)) return deletion;
  const known = error.code === 'interrupted' ? 'unasked' : await stateOf(own);
  if (known === 'gone') {
    step([line(`Deleted API key ${id}`)]);
    return { ...deletion, failed: [], deleted: [id], responses: [] };
  }
  const message = known === 'known' ? `${error.message} The key still works.` : error.message;
  const told = withDetails(error, { message, hint: LOOK_AGAIN });
  const interruption = deletion.interruption === undefined ? {} : { interruption: told };
  return { ...deletion, failed: [{ id, error: told }], ...interruption };
}

async function stateOf(own: Client): Promise<'gone' | 'known' | 'unknown'> {
  try {
    await currentUser(own);
    return 'known';
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    return error.code === 'key_rejected' ? 'gone' : error.code === 'forbidden' ? 'known' : 'unknown';
  }
}
