import {
  type CreatedApiKey,
  createApiKey,
  deleteApiKey,
  type NewApiKey,
} from '@vastai-cli/core/internal/api/api-keys';
import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import type { Paths } from '@vastai-cli/core/internal/config/paths';
import { createdName } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { Output } from '@vastai-cli/kit/render/output';
import { line, note, type Remark, type Result, warning } from '@vastai-cli/kit/result';
import { keepUnprinted } from '../../keys/unprinted-key.js';
import { withNotice } from '../../keys/with-notice.js';
import { compareGranted, type Granted } from './compare-granted.js';

/** Holds what a key is made with. */
export interface Making {
  readonly paths: Paths;
  readonly client: Client;
  /** Goes on after the first signal, to take a key back with. */
  readonly patientClient: Client;
  /** Says what is at stake when the work is interrupted. */
  readonly output: Output;
  /** Aborted by the first signal, which leaves the work alone. */
  readonly interruption: AbortSignal;
  /** Whether to keep a key that may do more than was asked for. */
  readonly keep: boolean;
}

/**
 * Makes a key and returns it alone, with what the API made of the permissions. One that came out wider than it was
 * asked for is deleted instead, before anybody has it.
 *
 * @throws VastaiError `findings` for a key that was taken back, or should have been.
 */
export async function makeKey(asked: NewApiKey, making: Making): Promise<Result> {
  const created = await createApiKey(making.client, asked);
  const given = isObject(created.raw) ? created.raw.permissions : undefined;
  const granted = compareGranted(asked.permissions, given);
  if (granted.comparison === 'wider' && !making.keep) throw await takeBack(created.value.id, granted, making);
  return newKeyResult(created, granted, making);
}

/** Deletes a key. Returns what to end with: `findings`, or `interrupted` where the deletion was given up. */
async function takeBack(
  id: number,
  { summary, newAccess }: Extract<Granted, { comparison: 'wider' }>,
  { patientClient: client, output, interruption }: Making,
): Promise<VastaiError> {
  const data = { id, new_access: newAccess };
  const advice = `Delete it: ${client.command(`delete api-key ${id}`)}`;
  const notice = () => output.warn(`Interrupted. Still deleting API key ${id}. ${summary} ${advice}`);
  try {
    await withNotice(interruption, notice, () => deleteApiKey(client, id));
    return new VastaiError('findings', `${summary} The key was deleted.`, {
      hint: 'To keep such a key anyway, add --keep.',
      data: { ...data, deleted: true },
    });
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const code = error.code === 'interrupted' ? error.code : 'findings';
    return new VastaiError(code, `${summary} API key ${id} could not be deleted. ${error.message}`, {
      hint: `Its value was not printed. ${advice}`,
      data: { ...data, deleted: false },
      cause: error,
    });
  }
}

function newKeyResult(
  { value, raw }: ApiResponse<CreatedApiKey>,
  granted: Granted,
  { paths, client }: Making,
): Result {
  const { id, name, permissions, key } = value;
  const deletion = client.command(`delete api-key ${id}`);
  const created = `Created API key ${id} "${name}". It is not shown again. To revoke it: ${deletion}`;
  return {
    document: { id, name, key: key.reveal(), permissions },
    raw,
    human: [line(key.reveal())],
    remarks: [note(created), ...remarksOn(granted, client.command(`show api-key ${id}`), deletion)],
    delivery: { lost: (error) => keepUnprinted(error, { key, name: createdName(id), deletion }, paths) },
  };
}

/** Says what the API made of the permissions, where that is not what was asked for. */
function remarksOn(granted: Granted, look: string, deletion: string): readonly Remark[] {
  switch (granted.comparison) {
    case 'unlimited':
      return [
        note(
          'It has full access to the account. To limit a key, create it with --permission_file, --preset or --allow.',
        ),
      ];
    case 'wider':
      return [warning(`${granted.summary} It was kept because of --keep. See: ${look}  Delete: ${deletion}`)];
    case 'narrower':
      return [note(`The API gave this key less than you asked for. See: ${look}`)];
    case 'rewritten':
      return [note(`The API wrote the permissions differently; they allow the same. See: ${look}`)];
    case 'same':
      return [];
  }
}
