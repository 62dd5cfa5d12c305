import type { Context } from '../../credentials/context.js';
import { withLockedContext } from '../../credentials/locked-context.js';
import { isLink } from '../../files/links.js';
import { betweenStores, isUndoable } from './between-stores.js';
import { fileModes } from './file-modes.js';
import { legacyFile } from './legacy-file.js';
import { pythonLeftovers } from './python-leftovers.js';
import { writeReceipt } from './receipt.js';
import { settingsVersion } from './settings-version.js';
import { type Change, type MigrationOptions, makeChange, type Step } from './step.js';

/** In the order in which they are planned and applied. */
export const STEPS: readonly Step[] = [
  settingsVersion,
  legacyFile,
  betweenStores,
  fileModes,
  pythonLeftovers,
];

/** What a migration would do now. Changes nothing. */
export async function planMigration(context: Context, options: MigrationOptions = {}): Promise<Change[]> {
  const changes: Change[] = [];
  for (const step of STEPS) changes.push(...(await step.plan(context, options, changes)));
  return changes;
}

/**
 * Plans and applies step by step under the lock, and verifies each change before the next. Running it again
 * does nothing.
 *
 * @returns the changes that were made, and the reports.
 * @throws StorageError at the first change that fails; the earlier ones stay.
 */
export async function migrate(context: Context, options: MigrationOptions = {}): Promise<Change[]> {
  return applySteps(context, STEPS, options);
}

/** A command that only wants to use the key does not wait long to move it. */
const PATIENCE_ON_THE_WAY_MS = 5000;

/** Moves the legacy file on the way of a command that needs its key. */
export async function migrateLegacyFile(context: Context): Promise<Change[]> {
  // What manages the link would put it back, run after run.
  if (await isLink(context.paths.legacyFile)) return [];
  return applySteps(context, [legacyFile], {}, PATIENCE_ON_THE_WAY_MS);
}

/** Does what `migrate` does, with these steps alone. */
export async function applySteps(
  context: Context,
  steps: readonly Step[],
  options: MigrationOptions,
  patienceMs?: number,
): Promise<Change[]> {
  return withLockedContext(
    context,
    async (now) => {
      const done: Change[] = [];
      for (const step of steps) {
        // Planned anew behind each step: what the one moved is where the next one looks.
        for (const change of await step.plan(now, options, done)) {
          if (step === betweenStores && isUndoable(now, change)) await writeReceipt(now, [change]);
          await makeChange(step, now, change);
          done.push(change);
        }
      }
      return done;
    },
    patienceMs,
  );
}
