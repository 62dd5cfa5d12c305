import { showApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { ApiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { ReferencedDocument } from './referenced-document.js';

/** Asks the API what a key may do. @throws UsageError when the id is not one; ApiError when the API refuses. */
export async function documentOfKey(id: string, connect: () => Promise<Client>): Promise<ReferencedDocument> {
  if (!/^[1-9]\d{0,14}$/.test(id)) {
    throw new UsageError('The id of an API key must be a whole number, 1 or more.', [{ do: 'list-keys' }]);
  }
  const { value } = await showApiKey(await connect(), Number(id));
  if (value.permissions === null && !value.full_access) {
    throw new ApiError('api_error', `The API does not say what API key ${id} may do.`, {
      hint: 'It returned neither a permission document nor the "false" that stands for full access. A key made without a document has full access.',
    });
  }
  return { name: `key:${id}`, document: value.permissions };
}
