import type { ApiKeyList, ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { isSystemKey, primaryKeys } from '@vastai-cli/core/internal/api/primary-key';
import { isVastaiError, UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { isObject } from '@vastai-cli/core/internal/base/json-object';
import { decideOperation } from '@vastai-cli/permissions/decision/decide';

/** Advises what to do about a key that cannot rotate itself. */
const WITH_ANOTHER = 'Rotate it with a key that can: add --api-key and the ID of the key to rotate.';

/** Lists what the key that rotates has to be able to do, besides reading the list. */
const NEEDED = [
  ['apikey.create', 'create keys'],
  ['apikey.delete', 'delete keys'],
] as const;

/**
 * Checks that a key can be rotated, before anything is made.
 *
 * @param own the key that sends the requests, if the list has it
 * @throws UsageError with the reason; VastaiError `forbidden` if `own` may not make keys.
 */
export function requireRotatable(
  list: ApiKeyList,
  record: ApiKeyRecord,
  own: ApiKeyRecord | undefined,
): void {
  const { id, permissions, full_access: fullAccess } = record;
  const refuse = (why: string, then: ConstructorParameters<typeof UsageError>[1]) =>
    new UsageError(`API key ${id} cannot be rotated: ${why} Nothing was changed.`, then);
  if (primaryKeys(list.value).has(id)) {
    throw refuse('it is the primary key of the account, which cannot be deleted.', [{ do: 'reset-key' }]);
  }
  if (isSystemKey(record)) throw refuse('Vast.ai created it, and only Vast.ai can delete it.', '');
  const otherwise = 'Create a key with the permissions you want, and delete this one.';
  if (permissions === null && fullAccess === null)
    throw refuse('the API does not return its permissions.', otherwise);
  if (hasParameters(list, id))
    throw refuse('it has key_params, whose effect Vast.ai does not document.', otherwise);
  requireMaker(own);
}

function requireMaker(own: ApiKeyRecord | undefined): void {
  if (own === undefined || own.permissions === null) return;
  for (const [operation, what] of NEEDED) {
    if (decideOperation(own.permissions, operation).verdict !== 'deny') continue;
    throw new VastaiError(
      'forbidden',
      `The key in use (${own.id}) is not allowed to ${what}. Nothing was changed.`,
      {
        hint: WITH_ANOTHER,
      },
    );
  }
}

/** Says what a rotation needs if the key in use may not read it. Nothing is made by then. */
export async function readForRotation<T>(response: Promise<T>): Promise<T> {
  return response.catch((error: unknown) => {
    if (!isVastaiError(error) || error.code !== 'forbidden') throw error;
    const { message, status, source } = error;
    // Not the permission that is missing: a key that reads the account may still not make keys.
    throw new VastaiError('forbidden', `${message} Nothing was changed.`, {
      hint: WITH_ANOTHER,
      ...(status === undefined ? {} : { status }),
      ...(source === undefined ? {} : { source }),
    });
  });
}

/** Returns true if the list shows parameters for a key, in any form. */
function hasParameters({ raw }: ApiKeyList, id: number): boolean {
  const rows = isObject(raw) && Array.isArray(raw.apikeys) ? raw.apikeys : [];
  const row = rows.find((one) => isObject(one) && one.id === id);
  const given: unknown = isObject(row) ? row.key_params : undefined;
  if (isObject(given)) return Object.keys(given).length > 0;
  return given !== undefined && given !== null && given !== '' && given !== false;
}
