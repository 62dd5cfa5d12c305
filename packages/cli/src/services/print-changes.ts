import type { Change } from '@vastai-cli/core/internal/operations/migrate/step';
import type { Output } from '@vastai-cli/kit/render/output';

const WORDS: Readonly<Record<Change['action'], { readonly planned: string; readonly done: string }>> = {
  move: { planned: 'move', done: 'moved' },
  copy: { planned: 'copy', done: 'copied' },
  drop: { planned: 'remove', done: 'removed' },
  mode: { planned: 'close', done: 'closed' },
  update: { planned: 'update', done: 'updated' },
  report: { planned: 'leave', done: 'left' },
};

/** A migration's changes as a table, and what there is to know about each. */
export function printChanges(changes: readonly Change[], applied: boolean, output: Output): void {
  if (changes.length === 0) {
    output.line('Nothing to migrate.');
    return;
  }
  output.table(
    [
      {
        title: applied ? 'DONE' : 'PLAN',
        value: ({ action }) => WORDS[action][applied ? 'done' : 'planned'],
      },
      { title: 'FROM', value: ({ from }) => from, whole: true },
      { title: 'TO', value: ({ to }) => to, whole: true },
    ],
    changes,
  );
  const notes = changes.filter(({ fix }) => fix === undefined);
  if (notes.length > 0) output.line('');
  for (const { from, note } of notes) output.sentence(`${from}: ${note}`);
}
