// Sends a key from your own secret store, without looking for other keys on this machine.
import { ApiKey, Client, currentUser, DEFAULT_URL, isLoopback, maySend, parseApiUrl } from '@vastai-cli/core';

const key = ApiKey.parse(process.env.MY_SECRET ?? '');
if (typeof key === 'string') throw new Error(`MY_SECRET is not a key: ${key}.`);
const baseUrl = parseApiUrl(process.env.MY_API ?? DEFAULT_URL, 'MY_API');

// A key that was saved for Vast.ai may be sent there, and to tests on this machine.
console.log(maySend(new URL(DEFAULT_URL), baseUrl), isLoopback(baseUrl));

const { value: user } = await currentUser(new Client({ key, baseUrl }));
console.log(user.id);
