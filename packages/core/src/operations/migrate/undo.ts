import type { Context } from '../../credentials/context.js';
import { withLockedContext } from '../../credentials/locked-context.js';
import { betweenStores } from './between-stores.js';
import { latestReceipt, type Receipt, removeReceipt } from './receipt.js';
import { type Change, makeChange } from './step.js';

/**
 * Reverts the profile's last move between stores. It keeps what made keys safer: it neither loosens modes nor writes the
 * legacy file. If the key would replace a different one, it changes nothing and keeps the receipt, unless `force` is set.
 *
 * @returns the move back, or the report of two different keys; an empty list if nothing can be undone, or the key is no
 *   longer where it was moved to.
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
  // If the key is already back, the plan is about a copy in the other store, which is left alone.
  const target = context.stores[to].locate(context.profile.name);
  return plan.filter((change) => [change.from, change.to].includes(target));
}
