// Saves a key from standard input in the profile "work", then removes it.
import { text } from 'node:stream/consumers';
import { ApiKey, openContext, removeKeys, saveKey } from '@vastai-cli/core';

const key = ApiKey.parse(await text(process.stdin));
if (typeof key === 'string') throw new Error(`This is not a key: ${key}.`);

const context = await openContext({ profile: 'work' });
const { location } = await saveKey(context, context.stores.file, key);
console.log(`Saved ${key} in ${location}`);

const removed = await removeKeys(context);
console.log(`Removed it from ${removed.map((place) => place.location).join(', ')}`);
