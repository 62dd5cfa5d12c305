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

/** Steps of a migration, in the order in which they are planned and applied. */
export const STEPS: readonly Step[] = [
  settingsVersion,
  legacyFile,
  betweenStores,
  fileModes,
  pythonLeftovers,
];

/** Returns the changes that `migrate` would make. Changes nothing. */
export async function planMigration(context: Context, options: MigrationOptions = {}): Promise<Change[]> {
  const changes: Change[] = [];
  for (const step of STEPS) changes.push(...(await step.plan(context, options, changes)));
  return changes;
}

/**
 * Plans and applies the steps one by one under the lock, and verifies each change before the next. A second run changes
 * nothing.
 *
 * @returns the changes that were made, and the reports.
 * @throws StorageError if a change fails. Earlier changes stay.
 */
export async function migrate(context: Context, options: MigrationOptions = {}): Promise<Change[]> {
  return applySteps(context, STEPS, options);
}

/** Longest wait for the lock, for a command that only needs the key. */
const PATIENCE_ON_THE_WAY_MS = 5000;

/** Moves the legacy file, for a command that needs its key. */
export async function migrateLegacyFile(context: Context): Promise<Change[]> {
  // The program that manages the link would restore it after every run.
  if (await isLink(context.paths.legacyFile)) return [];
  return applySteps(context, [legacyFile], {}, PATIENCE_ON_THE_WAY_MS);
}

/** Does what `migrate` does, but only these steps. */
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
        // Planned again after each step, because a step can move what the next one looks for.
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
