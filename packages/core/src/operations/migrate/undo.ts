import type { Context } from '../../credentials/context.js';
import { withLockedContext } from '../../credentials/locked-context.js';
import { betweenStores } from './between-stores.js';
import { latestReceipt, type Receipt, removeReceipt } from './receipt.js';
import { type Change, makeChange } from './step.js';

/**
 * Takes the profile's last move between stores back. What made keys safer stays: modes are not opened again,
 * and the legacy file is never written. Where the key would replace another one, nothing is changed and the
 * receipt stays, unless `force` is set.
 *
 * @returns the move back, or the report of two different keys; nothing when there is nothing to undo, or the
 * key is no longer where it was moved to.
 */
export async function undoMigration(context: Context, dryRun: boolean, force = false): Promise<Change[]> {
  if (dryRun) return planUndo(context, await latestReceipt(context), force);
  return withLockedContext(context, async (now) => {
    const receipt = await latestReceipt(now);
    const plan = await planUndo(now, receipt, force);
    for (const change of plan) await makeChange(betweenStores, now, change);
    if (receipt !== undefined && plan.every(({ action }) => action !== 'report'))
      await removeReceipt(receipt);
    return plan;
  });
}

async function planUndo(context: Context, receipt: Receipt | undefined, force: boolean): Promise<Change[]> {
  const moved = receipt?.changes.find(({ step }) => step === betweenStores.id);
  if (moved === undefined) return [];
  const to = moved.from === context.stores.file.locate(context.profile.name) ? 'file' : 'keychain';
  const plan = await betweenStores.plan(context, { to, force }, []);
  // Where the key is back already, the plan is about a copy in the other store, which this does not touch.
  const target = context.stores[to].locate(context.profile.name);
  return plan.filter((change) => [change.from, change.to].includes(target));
}
