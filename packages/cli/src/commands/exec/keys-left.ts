import { setTimeout as sleep } from 'node:timers/promises';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import {
  type CleanedUp,
  cleanUpEphemeralKeys,
} from '@vastai-cli/core/internal/operations/ephemeral/clean-up';
import type { Output } from '@vastai-cli/kit/render/output';

/** Longest time that a program waits for cleaning up after other runs. */
const LIMIT_MS = 5000;

/** Holds what cleaning up needs of the command. */
interface Means {
  readonly context: Context;
  readonly found: Pick<AcquiredKey, 'key'>;
  readonly output: Output;
  /** Returns a client that sends a request again only after a 429, and ends with the signal. */
  connect(signal: AbortSignal): Promise<Client>;
}

/**
 * Deletes the keys that earlier runs left because they were killed, and says so. A failure is only a warning, and so is an API
 * that does not respond in time.
 */
export async function deleteKeysLeft({ context, found, output, connect }: Means): Promise<void> {
  const over = new AbortController();
  const work = cleanUpEphemeralKeys({
    place: context,
    origin: context.url.origin,
    key: found.key,
    client: () => connect(over.signal),
  });
  const clock = new AbortController();
  // Requests end with the signal, but the wait for another vastai that has locked the ledger does not.
  const late = sleep(LIMIT_MS, undefined, { signal: clock.signal }).then(
    () => over.abort(),
    () => {},
  );
  const cleaned = await Promise.race([work.catch(() => undefined), late.then(() => sleep(200, undefined))]);
  clock.abort();
  for (const text of cleaned === undefined ? [] : notes(cleaned)) output.note(text);
  for (const text of warnings(cleaned)) output.warn(text);
}

function notes({ deleted }: CleanedUp): string[] {
  return deleted.map(({ name }) => `Deleted the key “${name}” of an earlier run that did not end properly.`);
}

function warnings(cleaned: CleanedUp | undefined): string[] {
  const again = 'The next exec, doctor or prune tries again.';
  const late = `Some keys of earlier runs could not be deleted in time. ${again}`;
  if (cleaned === undefined) return [late];
  const { failed, unwritten } = cleaned;
  const [first] = failed;
  const kept =
    first?.error.code === 'interrupted'
      ? late
      : `The key “${first?.entry.name}” of an earlier run could not be deleted. ${first?.error.message} ${again}`;
  return [
    ...(first === undefined ? [] : [kept]),
    ...(unwritten === undefined
      ? []
      : [`Deleted keys could not be removed from the ledger. ${unwritten.message}`]),
  ];
}
