import { showApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { ApiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { ReferencedDocument } from './referenced-document.js';

/** Asks the API what a key may do. @throws UsageError for what is no id; what the API refuses with. */
export async function documentOfKey(id: string, connect: () => Promise<Client>): Promise<ReferencedDocument> {
  if (!/^[1-9]\d{0,14}$/.test(id)) {
    throw new UsageError('The id of an API key is a whole number from 1.', [{ do: 'list-keys' }]);
  }
  const { value } = await showApiKey(await connect(), Number(id));
  if (value.permissions === null && !value.full_access) {
    throw new ApiError('api_error', `The API does not tell what API key ${id} may do.`, {
      hint: 'It gives neither a permission document nor the "false" of full access. A key that was made without a document has full access.',
    });
  }
  return { name: `key:${id}`, document: value.permissions };
}
