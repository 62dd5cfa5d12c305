import { StorageError } from '../../base/errors.js';
import type { Context } from '../../credentials/context.js';
import { withLockedContext } from '../../credentials/locked-context.js';
import { savedKey } from '../../credentials/saved-key.js';
import { matchesFingerprint } from '../../secrets/fingerprint.js';
import { writeAndReadBack } from '../../secrets/write-and-read-back.js';

/**
 * Writes the saved key over the copy of the old one that `config migrate --keep-file` left for other tools, which would stop
 * working with the old key. A file with any other key is left alone.
 *
 * @param old fingerprint of the old key
 * @throws StorageError if the copy cannot be written. The old key must then not be deleted.
 */
export async function renewKeptCopy(context: Context, old: string | undefined): Promise<void> {
  if (context.record?.kept_file !== true && (await context.reopen()).record?.kept_file !== true) return;
  await withLockedContext(context, async (now) => {
    const { stores, profile, record } = now;
    if (record?.kept_file !== true) return;
    const copy = await stores.file.read(profile.name);
    if (copy.state === 'unreadable') throw new StorageError(copy.problem.message, copy.problem.fix);
    if (copy.state === 'absent' || !matchesFingerprint(old, copy.key)) return;
    const saved = await savedKey(now);
    if (saved !== undefined) await writeAndReadBack(stores.file, profile.name, saved.key);
  });
}
