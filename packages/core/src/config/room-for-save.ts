import { dirname } from 'node:path';
import { stagePrivateFile } from '../files/private-file.js';
import { ensurePrivateFolder } from '../files/private-folder.js';
import type { Paths } from './paths.js';

/** Number of files that a save makes: the lock, the key, the copy of the old key, and the settings. */
const FILES = 4;
/** Block size that some file systems allocate space in. */
const BLOCK_BYTES = 16 * 1024;

/**
 * Writes as much to the configuration folder as a save needs, and removes it again. It detects a full disk or a used-up
 * quota before a step that cannot be undone, such as resetting a key.
 *
 * @throws StorageError if the space is missing, or the folder cannot be written to.
 */
export async function requireRoomForSave({ configFolder, settingsFile }: Paths): Promise<void> {
  await ensurePrivateFolder(configFolder, dirname(settingsFile));
  const content = 'x'.repeat(BLOCK_BYTES);
  const trials = await Promise.allSettled(
    Array.from({ length: FILES }, () => stagePrivateFile(settingsFile, content)),
  );
  for (const trial of trials) if (trial.status === 'fulfilled') await trial.value.discard();
  const failed = trials.find((trial) => trial.status === 'rejected');
  if (failed !== undefined) throw failed.reason;
}
