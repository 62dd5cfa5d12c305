import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { expect, vi } from 'vitest';

export const LEDGER = '.config/vastai/ledger.json';
/** Permissions of a key that may make and delete keys. */
export const DOCUMENT = { api: { user_read: {}, user_write: {} } };
export const MARKED = /^laptop ~[a-z0-9]{4}$/u;

/** Adds a key that may make keys, and saves it as `set api-key` does. Returns its id and value. */
export async function withKey({ addKey, vastai }: Harness, more: object = {}) {
  const added = await addKey({ name: 'laptop', permissions: DOCUMENT, ...more });
  expect((await vastai(['set', 'api-key', '-'], { input: added.value })).status).toBe(0);
  return added;
}

/** Returns the live keys of the user, without the primary one. */
export const live = ({ sandbox }: Harness) =>
  sandbox.keys().filter((key) => !key.revoked && key.kind === 'user');

/** Returns the entries that are left in the ledger. */
export async function left({ home }: Harness): Promise<Record<string, unknown>[]> {
  return JSON.parse((await home.read(LEDGER)) ?? '{"entries":[]}').entries;
}

/** Starts a rotation and kills it during a request, once the new key exists. */
export async function killedAt(harness: Harness, route: string, args: readonly string[] = []): Promise<void> {
  const { start, sandbox, asked } = harness;
  const before = asked().length;
  sandbox.fault(route, { kind: 'latency', ms: 3_600_000, acts: true });
  const run = start(['rotate', 'api-key', ...args]);
  await vi.waitUntil(() => asked().slice(before).includes(route) && live(harness).length === 2, {
    timeout: 20_000,
  });
  run.kill('SIGKILL');
  await run.ended;
  sandbox.clearFaults();
}

/** Expects that exactly one key is left: the saved one, with the marked name. */
export async function expectRotated(harness: Harness): Promise<void> {
  const [key, ...others] = live(harness);
  expect(others).toEqual([]);
  expect(key?.name).toMatch(MARKED);
  expect(key?.permissions).toEqual(DOCUMENT);
  const value = (await harness.home.read(KEY_FILE)) ?? '';
  await recordKey(value);
  expect(await idOf(harness, value)).toBe(key?.id);
  expect(await left(harness)).toEqual([]);
}

/** Returns the id of the key that has this value; `undefined` if no live key has. */
export async function idOf({ sandbox }: Harness, value: string): Promise<number | undefined> {
  const response = await fetch(`${sandbox.url}/api/v0/users/current/`, {
    headers: { authorization: `Bearer ${value}` },
  });
  return response.ok ? ((await response.json()) as { key_id: number }).key_id : undefined;
}
