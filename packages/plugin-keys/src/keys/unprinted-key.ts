import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Paths } from '@vastai-cli/core/internal/config/paths';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/internal/credentials/unsaved-key';

/** Holds a key that exists nowhere else and that standard output did not take. */
export interface UnprintedKey {
  readonly key: ApiKey;
  /** The file that has the key already, if one has. */
  readonly kept?: UnsavedKey | undefined;
  /** Names the file that it gets otherwise. */
  readonly name: string;
  /** The command that deletes the key; absent for a key that replaced another one. */
  readonly deletion?: string;
}

const REPLACED = 'The old key no longer works. Make a new one at https://cloud.vast.ai/manage-keys/';

/** Keeps a key in a file. Returns the error, which then names the file, or says that the key is lost. */
export async function keepUnprinted(
  error: VastaiError,
  { key, kept, name, deletion }: UnprintedKey,
  paths: Paths,
): Promise<VastaiError> {
  const file = kept ?? (await keepUnsaved(paths, name, key).catch(() => undefined));
  const deleteIt = deletion === undefined ? [] : [`Delete the key: ${deletion}`];
  if (file === undefined) {
    return withDetails(error, { message: `${error.message} It is lost.`, hint: deleteIt[0] ?? REPLACED });
  }
  const removal = `Put it where it belongs, then remove the file: rm ${shellWord(file.path)}`;
  return withDetails(error, {
    message: `${error.message} It is in ${file.path}.`,
    hint: [removal, ...deleteIt].join('\n'),
  });
}
