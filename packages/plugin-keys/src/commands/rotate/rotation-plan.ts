import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { markedName } from '@vastai-cli/core/internal/operations/rotate/mark';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import { placeOf } from '@vastai-cli/kit/render/place';
import { entries, type Result, sentence } from '@vastai-cli/kit/result';

/**
 * Returns the result of `--dry-run`: what would be done, in order.
 *
 * @param name name of the new key in an open rotation; a new rotation chooses its own mark
 * @param how `keep` for a rotation that keeps the old key for some time
 */
export function planOf(
  old: { readonly id: number; readonly name: string | null },
  name: string | undefined,
  store: KeyStore | undefined,
  { profile }: Context,
  how: 'rotate' | 'keep' | 'resume',
): Result {
  const newName = name ?? markedName(old, new Set());
  const location = store?.locate(profile.name) ?? null;
  const steps = [
    ...(how === 'resume' ? ['Look for what the open rotation has left.'] : []),
    `Create a key named ${name === undefined ? 'like ' : ''}"${serverText(newName)}" with the permissions of API key ${old.id}.`,
    'Check the new key with the API, and compare its permissions.',
    location === null ? 'Print the new key.' : `Save the new key in ${placeOf(location)}, and read it back.`,
    location === null || how === 'keep'
      ? `Keep API key ${old.id}.`
      : `Delete API key ${old.id} with the new key.`,
  ];
  return {
    document: {
      dry_run: true,
      old: { id: old.id, name: old.name },
      new: { name: newName },
      storage: store?.kind ?? null,
      location,
      steps,
    },
    human: [
      sentence('Nothing was changed. This would be done:'),
      entries(steps.map((step) => `- ${step}`).join('\n')),
    ],
  };
}
