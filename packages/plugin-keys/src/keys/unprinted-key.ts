import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Paths } from '@vastai-cli/core/internal/config/paths';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/internal/credentials/unsaved-key';

/** Holds a key that exists nowhere else and could not be printed. */
export interface UnprintedKey {
  readonly key: ApiKey;
  /** The file that already holds the key, if any. */
  readonly kept?: UnsavedKey | undefined;
  /** The name for the file to write otherwise. */
  readonly name: string;
  /** The command that deletes the key. Absent if the key replaced another one. */
  readonly deletion?: string;
}

const REPLACED = 'The old key no longer works. Create a new one at https://cloud.vast.ai/manage-keys/';

/** Writes the key to a file. Returns the error with the path of that file, or with the news that the key is lost. */
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
  const removal = `Store the key where you need it, then remove the file: rm ${shellWord(file.path)}`;
  return withDetails(error, {
    message: `${error.message} It is in ${file.path}.`,
    hint: [removal, ...deleteIt].join('\n'),
  });
}
