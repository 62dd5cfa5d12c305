import { currentUser } from '@vastai-cli/core/internal/api/users';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import { requireOwnStore } from '@vastai-cli/core/internal/credentials/choose-store';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { notedIdOf } from '@vastai-cli/core/internal/credentials/noted-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import { storeOfKey } from '../reset/store-of-key.js';
import { readForRotation } from './refusals.js';

/** Says which key to rotate, and where the new one goes. */
export interface KeyToRotate {
  readonly id: number;
  /** The id of the key in use, if it is known. */
  readonly ownId: number | undefined;
  /** The store of the key, if it is the saved key in use; otherwise the new key is printed. */
  readonly store: KeyStore | undefined;
}

/**
 * Finds out which key to rotate: the one with the given id, or the key in use.
 *
 * @throws UsageError if the profile's key comes from a command, or the API does not say which key is in use
 * @throws StorageError if the store of the key cannot be written
 */
export async function keyToRotate(
  asked: number | undefined,
  context: Context,
  found: AcquiredKey,
  client: Client,
): Promise<KeyToRotate> {
  const noted = notedIdOf(context.record, found.key);
  const ownId = noted ?? (await readForRotation(currentUser(client))).value.key_id;
  if (asked === undefined && ownId === undefined)
    throw new UsageError('The API does not say which key is in use.', 'Pass the ID of the key to rotate.');
  const id = asked ?? (ownId as number);
  if (id !== ownId) return { id, ownId, store: undefined };
  if (found.source.name === 'command') requireOwnStore(context);
  return { id, ownId, store: await storeOfKey(context, found) };
}
