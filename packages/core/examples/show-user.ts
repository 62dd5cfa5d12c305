// Shows the account of the key that `vastai` would send.
import { acquireKey, createClient, currentUser, openContext } from '@vastai-cli/core';

const context = await openContext();
const client = createClient(context, await acquireKey(context));
const { value: user } = await currentUser(client);
console.log(`${user.email ?? user.username ?? user.id} has ${user.credit ?? 0} US dollars`);
