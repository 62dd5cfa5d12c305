import { showApiKey } from '@vastai-cli/core/api/api-keys';
import type { Client } from '@vastai-cli/core/api/client';
import { UsageError } from '@vastai-cli/core/errors';
import type { NamedDocument } from './document-source.js';

/** Asks the API what a key may do. @throws UsageError for what is no id; what the API refuses with. */
export async function documentOfKey(id: string, connect: () => Promise<Client>): Promise<NamedDocument> {
  if (!/^[1-9]\d{0,14}$/.test(id)) {
    throw new UsageError(
      'The id of an API key is a whole number from 1.',
      'List the ids with: vastai show api-keys',
    );
  }
  const { value } = await showApiKey(await connect(), Number(id));
  return { name: `key:${id}`, document: value.permissions };
}
