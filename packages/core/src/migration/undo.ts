import { withLock } from '../config/lock.js';
import type { Session } from '../session.js';
import { betweenStores } from './between-stores.js';
import { latestReceipt, removeReceipt } from './receipt.js';
import type { Change } from './step.js';

/**
 * Takes the profile's last move between stores back. What made keys safer stays: modes are not opened again,
 * and the legacy file is never written.
 *
 * @returns the move back; nothing when there is nothing to undo, or the key is no longer where it was moved to.
 */
export async function undoMigration(session: Session, dryRun: boolean): Promise<Change[]> {
  const receipt = await latestReceipt(session);
  const moved = receipt?.changes.find(({ step }) => step === betweenStores.id);
  if (receipt === undefined || moved === undefined) return [];
  const to = moved.from === session.stores.file.locate(session.profile.name) ? 'file' : 'keychain';
  const plan = await betweenStores.plan(session, { to }, []);
  if (dryRun) return plan;
  const moveBack = async () => {
    for (const change of plan) {
      await betweenStores.apply(session, change);
      await betweenStores.verify(session, change);
    }
    await removeReceipt(receipt);
    return plan;
  };
  return withLock(session.paths.lockFile, moveBack, session.notify);
}
