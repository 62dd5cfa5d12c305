// Creates a read-only key, finds it in the list, and deletes it.
import {
  acquireKey,
  createApiKey,
  createClient,
  deleteApiKey,
  listApiKeys,
  openContext,
  showApiKey,
} from '@vastai-cli/core';

const context = await openContext();
const client = createClient(context, await acquireKey(context), { retries: 1, timeoutMs: 10_000 });

const permissions = { api: { misc: {}, user_read: {} } };
const { value: made } = await createApiKey(client, { name: 'read-only', permissions });
console.log(`Created ${made.name}, id ${made.id}, key ${made.key}`);

const { value: keys } = await listApiKeys(client);
console.log(`Listed: ${keys.some(({ id }) => id === made.id)}`);
const { value: shown } = await showApiKey(client, made.id);
console.log(`Full access: ${shown.full_access}`);

await deleteApiKey(client, made.id);
console.log('Deleted');
