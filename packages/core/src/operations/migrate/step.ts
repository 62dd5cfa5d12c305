import type { Guidance } from '../../base/advice.js';
import type { Context } from '../../credentials/context.js';

/** Options of a migration. */
export interface MigrationOptions {
  /** Store to move the profile's key to; without it, the key stays in its store. */
  readonly to?: 'keychain' | 'file' | undefined;
  /** True to leave the key file for other tools when the key moves to the keychain. */
  readonly keepFile?: boolean | undefined;
  /** True to replace a different key in the place that the profile's key moves to. */
  readonly force?: boolean | undefined;
}

/** A change that a migration makes, or a report of what it leaves to the person. It never holds a key. */
export interface Change {
  /** Id of the step that planned it. */
  readonly step: string;
  /** Kind of change. A `report` changes nothing: the person has to decide. */
  readonly action: 'move' | 'copy' | 'drop' | 'mode' | 'update' | 'report';
  /** Place that is changed. */
  readonly from: string;
  /** Place or state that it is changed to; empty for `drop` and `report`. */
  readonly to: string;
  /** Sentence about the change and its reason. */
  readonly note: string;
  /** Says how to keep either key, for a `report` of two different keys. The migration then fails. */
  readonly fix?: Guidance;
}

/**
 * A step of a migration. `plan` changes nothing, `apply` makes one change in such a way that a kill at any point leaves a
 * key that works, and `verify` throws if the change did not take effect. `apply` and `verify` run under the lock.
 */
export interface Step {
  readonly id: string;
  /** Returns the changes to make. @param before changes that earlier steps have planned or made */
  plan(context: Context, options: MigrationOptions, before: readonly Change[]): Promise<Change[]>;
  apply(context: Context, change: Change): Promise<void>;
  verify(context: Context, change: Change): Promise<void>;
}

/** Makes a planned change and verifies it. @throws StorageError if it fails or has no effect. */
export async function makeChange(step: Step, context: Context, change: Change): Promise<void> {
  if (change.action === 'report') return;
  await step.apply(context, change);
  await step.verify(context, change);
}
