// Calls a route that has no function of its own, and shows each request on standard error, with secrets masked.
import { acquireKey, createClient, openContext, path } from '@vastai-cli/core';

const context = await openContext();
const client = createClient(context, await acquireKey(context), {
  observer: { onRequest: ({ method, url, headers }) => console.error(method, url, headers.Authorization) },
});
const [user = 'me'] = process.argv.slice(2);
console.log(await client.request({ method: 'GET', path: path`/api/v0/users/${user}/ipaddrs/` }));
