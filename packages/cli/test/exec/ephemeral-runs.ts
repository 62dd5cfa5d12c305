import type { Harness } from '@vastai-cli/testing/harness';

/** Permissions of a key that may make and delete keys. */
const DOCUMENT = { api: { user_read: {}, user_write: {} } };

/** Adds a key that may make keys, and saves it. Returns its id and value. */
export async function maker(harness: Harness) {
  const added = await harness.addKey({ name: 'laptop', permissions: DOCUMENT });
  await harness.saveKey(added.value);
  return added;
}

/** Returns the keys of runs that still work. */
export function keysOfRuns({ sandbox }: Harness) {
  return sandbox.keys().filter(({ name, revoked }) => !revoked && name?.startsWith('exec '));
}

/** Returns the entries that are left in the ledger. */
export async function entriesLeft({ home }: Harness): Promise<Record<string, unknown>[]> {
  return JSON.parse((await home.read('.config/vastai/ledger.json')) ?? '{"entries":[]}').entries;
}
