import type { Guidance } from '../../base/advice.js';
import type { Context } from '../../credentials/context.js';

/** What a migration was asked for. */
export interface MigrationOptions {
  /** The store that the profile's key is to move to; without it, the key stays in its store. */
  readonly to?: 'keychain' | 'file' | undefined;
  /** Leaves the key file for other tools when the keychain takes the key. */
  readonly keepFile?: boolean | undefined;
  /** Replaces another key in the place that the profile's key goes to. */
  readonly force?: boolean | undefined;
}

/** One thing that a migration would do, or that it found and leaves to the person. It never holds a key. */
export interface Change {
  /** The step that planned it. */
  readonly step: string;
  /** `report` changes nothing: it tells of something that the person has to decide. */
  readonly action: 'move' | 'copy' | 'drop' | 'mode' | 'update' | 'report';
  /** The place that is changed. */
  readonly from: string;
  /** The place or the state it is changed to; empty for `drop` and `report`. */
  readonly to: string;
  /** What and why, in a sentence. */
  readonly note: string;
  /** For a `report` of two places that hold different keys: how to end up with either. The migration fails then. */
  readonly fix?: Guidance;
}

/**
 * One step of a migration. `plan` looks and changes nothing, `apply` makes one change so that a kill at any
 * point leaves a key that works, and `verify` throws when the change is not to be seen afterwards.
 * `apply` and `verify` run under the lock.
 */
export interface Step {
  readonly id: string;
  /** @param before the changes that the steps before this one have planned, or made */
  plan(context: Context, options: MigrationOptions, before: readonly Change[]): Promise<Change[]>;
  apply(context: Context, change: Change): Promise<void>;
  verify(context: Context, change: Change): Promise<void>;
}

/** Makes a planned change, and makes sure of it. @throws StorageError when it failed, or does not show. */
export async function makeChange(step: Step, context: Context, change: Change): Promise<void> {
  if (change.action === 'report') return;
  await step.apply(context, change);
  await step.verify(context, change);
}
