import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { LOG_NOT_WHOLE, listAuditLogs } from '@vastai-cli/core/internal/api/audit-logs';
import { keyUses } from '@vastai-cli/core/internal/api/key-uses';
import { currentUser } from '@vastai-cli/core/internal/api/users';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { readExpiries } from '@vastai-cli/core/internal/operations/ledger/expiries';
import { type Remark, warning } from '@vastai-cli/kit/result';
import { usageOf } from '../../keys/key-usage.js';
import type { ListedKey } from '../../keys/listed-key.js';

/** Holds what is needed to say how keys are used. */
interface Sources {
  readonly client: Client;
  readonly context: Pick<Context, 'paths' | 'url'>;
  /** The id of the key in use, if it is noted. */
  readonly noted: number | undefined;
}

/** Keys with their use, and what to say about it. */
export interface KeysWithUsage {
  readonly keys: readonly ListedKey[];
  readonly remarks: readonly Remark[];
}

/**
 * Adds to keys how they are used: by the audit log, and by the dates that are noted here. Asks the API which key is in use,
 * unless that is noted.
 *
 * @throws what `listAuditLogs` throws, and StorageError if the ledger cannot be read.
 */
export async function withUsage(
  keys: readonly ApiKeyRecord[],
  { client, context, noted }: Sources,
): Promise<KeysWithUsage> {
  const expiries = await readExpiries(context.paths, context.url.origin);
  const { value, isWhole } = await listAuditLogs(client);
  const uses = keyUses(value);
  const inUse = noted ?? (await idInUse(client));
  const listed = keys.map((key) => ({
    ...key,
    ...(inUse !== undefined && { in_use: key.id === inUse }),
    ...usageOf(key, uses.get(key.id), expiries.get(key.id)),
  }));
  return { keys: listed, remarks: isWhole ? [] : [warning(LOG_NOT_WHOLE)] };
}

/** Returns the id of the key in use; undefined if the key may not read its own account, or the API does not tell. */
async function idInUse(client: Client): Promise<number | undefined> {
  try {
    return (await currentUser(client)).value.key_id;
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'forbidden') throw error;
    return undefined;
  }
}
