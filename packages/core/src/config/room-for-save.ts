import { dirname } from 'node:path';
import { stagePrivateFile } from '../files/private-file.js';
import { ensurePrivateFolder } from '../files/private-folder.js';
import type { Paths } from './paths.js';

/** A save makes so many files at once: the lock, the key, the file it is kept in meanwhile, and the settings. */
const FILES = 4;
/** Some file systems give out space in blocks of this size. */
const BLOCK_BYTES = 16 * 1024;

/**
 * Writes as much to the configuration folder as a save needs, and removes it again, so that a full disk or a
 * quota shows before something is done that cannot be undone.
 *
 * @throws StorageError with the reason.
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
