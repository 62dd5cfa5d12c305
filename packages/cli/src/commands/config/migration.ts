import { adviceOf } from '@vastai-cli/core/internal/base/advice';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { migrate, planMigration } from '@vastai-cli/core/internal/operations/migrate/migrate';
import type { Change } from '@vastai-cli/core/internal/operations/migrate/step';
import { undoMigration } from '@vastai-cli/core/internal/operations/migrate/undo';
import { rendered } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { type Column, line, type Part, type Result, sentence, table } from '@vastai-cli/kit/result';
import { officialReaders } from '../../keys/official-readers.js';

interface Options {
  readonly undo: boolean;
  readonly dryRun: boolean;
  readonly to: 'keychain' | 'file' | undefined;
  readonly keepFile: boolean;
  readonly force: boolean;
  /** The folder of the CLI, to tell it from the official one. */
  readonly ownRoot: string;
}

/**
 * Migrates, or undoes the last move between stores.
 *
 * @returns the changes, and a `failure` if two places still hold different keys.
 * @throws VastaiError if a key cannot be read or moved.
 */
export async function migration(context: Context, options: Options, target: AdviceTarget): Promise<Result> {
  const changes = options.undo
    ? await undoMigration(context, options.dryRun, options.force)
    : await migrated(context, options);
  const applied = !options.dryRun && changesSomething(changes);
  const left = applied ? changes.flatMap(({ action, from }) => (LEAVING.includes(action) ? [from] : [])) : [];
  const isUndone = options.undo && changes.length === 0;
  return {
    document: { applied, changes },
    human: isUndone ? [line('Nothing to undo.')] : changesText(changes, applied),
    remarks: officialReaders(context, left, options.ownRoot, target),
    failure: differentKeys(changes, applied, target),
  };
}

async function migrated(context: Context, options: Options): Promise<readonly Change[]> {
  const plan = await planMigration(context, options);
  return !options.dryRun && changesSomething(plan) ? migrate(context, options) : plan;
}

function changesSomething(changes: readonly Change[]): boolean {
  return changes.some(({ action }) => action !== 'report');
}

/** Lists the changes that take a key from its place. */
const LEAVING: readonly Change['action'][] = ['move', 'drop'];

const WORDS: Readonly<Record<Change['action'], { readonly planned: string; readonly done: string }>> = {
  move: { planned: 'move', done: 'moved' },
  copy: { planned: 'copy', done: 'copied' },
  drop: { planned: 'remove', done: 'removed' },
  mode: { planned: 'restrict', done: 'restricted' },
  update: { planned: 'update', done: 'updated' },
  report: { planned: 'leave', done: 'left' },
};

/** Returns the changes as a table, with a note about each below it. */
function changesText(changes: readonly Change[], applied: boolean): Part[] {
  if (changes.length === 0) return [line('Nothing to migrate.')];
  const columns: readonly Column<Change>[] = [
    { title: applied ? 'DONE' : 'PLAN', value: ({ action }) => WORDS[action][applied ? 'done' : 'planned'] },
    { title: 'FROM', value: ({ from }) => from, whole: true },
    { title: 'TO', value: ({ to }) => to, whole: true },
  ];
  const notes = changes.filter(({ fix }) => fix === undefined);
  return [
    table(columns, changes),
    ...(notes.length === 0 ? [] : [line('')]),
    ...notes.map(({ from, note }) => sentence(`${from}: ${note}`)),
  ];
}

function differentKeys(
  changes: readonly Change[],
  applied: boolean,
  target: AdviceTarget,
): VastaiError | undefined {
  const different = changes.filter(({ fix }) => fix !== undefined);
  if (different.length === 0) return undefined;
  const sentences = different.map(({ from, note }) => (note.startsWith(from) ? note : `${from}: ${note}`));
  return new VastaiError('storage', sentences.join(' '), {
    advice: different.flatMap(({ fix }) => adviceOf(fix)),
    data: { applied, changes: changes.map((change) => rendered(change, target)) },
  });
}
