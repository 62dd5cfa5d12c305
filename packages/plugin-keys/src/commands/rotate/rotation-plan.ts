import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { RotationEntry } from '@vastai-cli/core/internal/operations/ledger/entries';
import { markedName } from '@vastai-cli/core/internal/operations/rotate/mark';
import { hasNewKey, isKeptLonger } from '@vastai-cli/core/internal/operations/rotate/rotate';
import type { RotationContext } from '@vastai-cli/core/internal/operations/rotate/rotation';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import { placeOf } from '@vastai-cli/kit/render/place';
import { entries, type Result, sentence } from '@vastai-cli/kit/result';

/** Returns the result of `--dry-run` for a rotation that is open. */
export function planOfOpen(
  open: RotationEntry,
  how: 'rotate' | 'resume' | 'finish',
  rotation: RotationContext,
): Result {
  const { context, store } = rotation;
  const isKept = how !== 'finish' && isKeptLonger(open, rotation);
  const { old } = open;
  if (!hasNewKey(open, rotation))
    return planOf(old, open.new.name, store, context, isKept ? 'resume-and-keep' : 'resume');
  const then = how === 'rotate' && open.finish_after !== undefined ? ['Then rotate the new key.'] : [];
  const steps = isKept ? [`Keep API key ${old.id}.`] : [deletionOf(old.id), ...then];
  return planned(open.old, open.new.name, store, context, steps);
}

/**
 * Returns the result of `--dry-run`: what would be done, in order.
 *
 * @param name name of the new key in an open rotation; a new rotation chooses its own mark
 * @param how `keep` for a rotation that keeps the old key for some time, `resume` for one that is open
 */
export function planOf(
  old: { readonly id: number; readonly name: string | null },
  name: string | undefined,
  store: KeyStore | undefined,
  { profile }: Context,
  how: 'rotate' | 'keep' | 'resume' | 'resume-and-keep',
): Result {
  const newName = name ?? markedName(old, new Set());
  const location = store?.locate(profile.name) ?? null;
  const steps = [
    ...(how.startsWith('resume') ? ['Look for keys that the unfinished rotation left behind.'] : []),
    `Create a key named ${name === undefined ? 'like ' : ''}"${serverText(newName)}" with the permissions of API key ${old.id}.`,
    'Check the new key with the API, and compare its permissions.',
    location === null ? 'Print the new key.' : `Save the new key in ${placeOf(location)}, and read it back.`,
    location === null || how.endsWith('keep') ? `Keep API key ${old.id}.` : deletionOf(old.id),
  ];
  return planned(old, newName, store, { profile }, steps);
}

function deletionOf(id: number): string {
  return `Use the new key to delete API key ${id}.`;
}

function planned(
  { id, name }: { readonly id: number; readonly name: string | null },
  newName: string,
  store: KeyStore | undefined,
  { profile }: Pick<Context, 'profile'>,
  steps: readonly string[],
): Result {
  return {
    document: {
      dry_run: true,
      old: { id, name },
      new: { name: newName },
      storage: store?.kind ?? null,
      location: store?.locate(profile.name) ?? null,
      steps,
    },
    human: [
      sentence('Nothing was changed. These steps would run:'),
      entries(steps.map((step) => `- ${step}`).join('\n')),
    ],
  };
}
