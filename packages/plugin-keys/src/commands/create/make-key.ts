import {
  type CreatedApiKey,
  createApiKey,
  deleteApiKey,
  type NewApiKey,
} from '@vastai-cli/core/internal/api/api-keys';
import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { dayOf } from '@vastai-cli/core/internal/base/server-time';
import type { Paths } from '@vastai-cli/core/internal/config/paths';
import { createdName } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { compareGranted, type Granted } from '@vastai-cli/kit/input/compare-granted';
import type { Output } from '@vastai-cli/kit/render/output';
import { line, note, type Remark, type Result, warning } from '@vastai-cli/kit/result';
import { keepUnprinted } from '../../keys/unprinted-key.js';
import { withNotice } from '../../keys/with-notice.js';

/** Holds the context for creating a key. */
export interface Making {
  readonly paths: Paths;
  readonly client: Client;
  /** A client that continues after the first signal, for deleting a key that came out wider. */
  readonly patientClient: Client;
  /** Prints a warning about what is at stake when the work is interrupted. */
  readonly output: Output;
  /** Aborted by the first signal, which does not end the work. */
  readonly interruption: AbortSignal;
  /** Notes when a new key expires, and returns that time in seconds since 1970. Absent for a key without a date. */
  readonly noteExpiry?: (made: Pick<CreatedApiKey, 'id' | 'name'>) => Promise<number>;
  /** Set to keep a key that may do more than requested. */
  readonly keep: boolean;
}

/**
 * Creates a key and returns the result that prints it. A key that may do more than requested is deleted before it is
 * printed, unless `keep` is set.
 *
 * @throws VastaiError `findings` for such a key, even if it could not be deleted.
 */
export async function makeKey(asked: NewApiKey, making: Making): Promise<Result> {
  const created = await createApiKey(making.client, asked);
  const given = isObject(created.raw) ? created.raw.permissions : undefined;
  const granted = compareGranted(asked.permissions, given);
  if (granted.comparison === 'wider' && !making.keep) throw await takeBack(created.value.id, granted, making);
  return newKeyResult(created, granted, making, await noteDate(created.value, making));
}

/** Deletes a key. Returns the error to end with: `findings`, or `interrupted` if a second signal ended the deletion. */
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
      hint: 'To keep such a key, add --keep.',
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

/** Says when a key expires, and what to tell about that. */
interface NotedDate {
  readonly expires?: number;
  readonly remarks: readonly Remark[];
}

/** Notes when a key expires. The key exists by now, so a date that cannot be noted is only a warning. */
async function noteDate(made: CreatedApiKey, { noteExpiry, client }: Making): Promise<NotedDate> {
  if (noteExpiry === undefined) return { remarks: [] };
  try {
    const expires = await noteExpiry(made);
    const prune = client.command('prune api-keys --expired');
    const text = `It expires on ${dayOf(expires)}. Vast.ai does not know the date, so delete the key then: ${prune}`;
    return { expires, remarks: [note(text)] };
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    return { remarks: [warning(`The expiry date of the key could not be saved. ${error.message}`)] };
  }
}

function newKeyResult(
  { value, raw }: ApiResponse<CreatedApiKey>,
  granted: Granted,
  { paths, client }: Making,
  { expires, remarks }: NotedDate,
): Result {
  const { id, name, permissions, key } = value;
  const deletion = client.command(`delete api-key ${id}`);
  const created = `Created API key ${id} "${name}". It is not shown again. Delete it: ${deletion}`;
  return {
    document: { id, name, key: key.reveal(), permissions, ...(expires === undefined ? {} : { expires }) },
    raw,
    human: [line(key.reveal())],
    remarks: [
      note(created),
      ...remarks,
      ...remarksOn(granted, client.command(`show api-key ${id}`), deletion),
    ],
    delivery: { lost: (error) => keepUnprinted(error, { key, name: createdName(id), deletion }, paths) },
  };
}

/** Returns the remarks about permissions that differ from the requested ones. */
function remarksOn(granted: Granted, look: string, deletion: string): readonly Remark[] {
  switch (granted.comparison) {
    case 'unlimited':
      return [
        note(
          'The key has full access to the account. To limit a key, create it with --permission_file, --permissions, --preset or --allow.',
        ),
      ];
    case 'wider':
      return [
        warning(`${granted.summary} It was kept because of --keep. See: ${look}  Delete it: ${deletion}`),
      ];
    case 'annotated':
      return [
        warning(
          `The API added ${granted.fields.join(', ')} to the permissions. Vast.ai does not document the effect. See: ${look}  Delete the key: ${deletion}`,
        ),
      ];
    case 'narrower':
      return [note(`The API gave this key less than you asked for. See: ${look}`)];
    case 'rewritten':
      return [note(`The API changed the format of the permissions, but they allow the same. See: ${look}`)];
    case 'same':
      return [];
  }
}
