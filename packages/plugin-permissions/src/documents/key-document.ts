import { showApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { ApiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { ReferencedDocument } from './referenced-document.js';

/** Requests the permissions of a key. @throws UsageError if the id is not valid; ApiError if the API returns an error. */
export async function documentOfKey(id: string, connect: () => Promise<Client>): Promise<ReferencedDocument> {
  if (!/^[1-9]\d{0,14}$/.test(id)) {
    throw new UsageError('The ID of an API key must be a whole number, 1 or more.', [{ do: 'list-keys' }]);
  }
  const { value } = await showApiKey(await connect(), Number(id));
  if (value.permissions === null && !value.full_access) {
    throw new ApiError('api_error', `The API did not return the permissions of API key ${id}.`, {
      hint: 'A key created without a permission document has full access.',
    });
  }
  return { name: `key:${id}`, document: value.permissions };
}
