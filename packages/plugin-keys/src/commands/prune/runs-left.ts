import { cleanUpEphemeralKeys } from '@vastai-cli/core/internal/operations/ephemeral/clean-up';
import type { Output } from '@vastai-cli/kit/render/output';
import type { PruneMeans } from './prune-keys.js';

/**
 * Deletes the keys that killed runs of `exec --ephemeral` left, and says so. They were made to be deleted, so nobody is asked.
 * A failure is only a warning.
 *
 * @throws StorageError if the ledger cannot be read
 */
export async function deleteKeysOfRunsLeft(
  { context, found, client }: PruneMeans,
  output: Output,
): Promise<void> {
  const { deleted, failed, unwritten } = await cleanUpEphemeralKeys({
    place: context,
    origin: context.url.origin,
    key: found.key,
    client: async () => client,
  });
  for (const { name } of deleted) output.note(`Deleted the key “${name}” of a run that was killed.`);
  for (const { entry, error } of failed)
    output.warn(`The key “${entry.name}” of a run that was killed could not be deleted. ${error.message}`);
  if (unwritten !== undefined)
    output.warn(`Deleted keys could not be removed from the ledger. ${unwritten.message}`);
}
