import { setTimeout as sleep } from 'node:timers/promises';
import { monotonicNow } from '../base/clock.js';
import { isVastaiError, VastaiError } from '../base/errors.js';
import { InterruptedError } from '../base/interrupted.js';
import type { Client } from '../http/client.js';
import { type ApiKeyRecord, listApiKeys } from './api-keys.js';
import { currentUser } from './users.js';

/** Time that the API is given to know a new key everywhere. */
const PATIENCE_MS = 10_000;
/** Time between two looks. */
const PAUSE_MS = 500;
/** Errors that prove that the API knows the key. */
const KNOWN = ['forbidden', 'two_factor'];

/**
 * Asks the API about a new key with that key, until it knows it: that may take a moment.
 *
 * @param signal ends the wait
 * @throws VastaiError `key_rejected` if the API does not know the key after ten seconds, and what `Client.request` throws
 */
export async function requireKnown(client: Client, id: number, signal: AbortSignal): Promise<void> {
  await untilThere(signal, async () => {
    try {
      const { key_id: told } = (await currentUser(client)).value;
      if (told === undefined || told === id) return true;
      throw new VastaiError('api_error', `The API says that the new key ${id} is key ${told}.`);
    } catch (error) {
      if (!isVastaiError(error)) throw error;
      if (KNOWN.includes(error.code)) return true;
      if (error.code === 'key_rejected') return error;
      throw error;
    }
  });
}

/**
 * Returns a new key as the list shows it, which may take a moment.
 *
 * @throws VastaiError `not_found` if the list does not show it after ten seconds, and what `Client.request` throws
 */
export async function recordOfNew(client: Client, id: number, signal: AbortSignal): Promise<ApiKeyRecord> {
  let record: ApiKeyRecord | undefined;
  await untilThere(signal, async () => {
    record = (await listApiKeys(client)).value.find((one) => one.id === id);
    return (
      record !== undefined ||
      new VastaiError('not_found', `The list of keys does not show the new key ${id}.`)
    );
  });
  return record as ApiKeyRecord;
}

async function untilThere(signal: AbortSignal, look: () => Promise<true | VastaiError>): Promise<void> {
  const began = monotonicNow();
  for (;;) {
    const seen = await look();
    if (seen === true) return;
    if (monotonicNow() - began > PATIENCE_MS) throw seen;
    await sleep(PAUSE_MS, undefined, { signal }).catch(() => {
      throw new InterruptedError('Interrupted while checking the new key.', false);
    });
  }
}
