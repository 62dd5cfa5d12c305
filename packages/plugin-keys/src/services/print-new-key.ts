import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Output } from '@vastai-cli/kit/render/output';

export interface NewKey {
  readonly key: ApiKey;
  /** What a script gets: `value` with `--json`, `raw` with `--raw`. */
  readonly response: { readonly value: unknown; readonly raw: unknown };
  /** The file that has the key already, if one has. */
  readonly kept?: UnsavedKey | undefined;
  /** What a file is called that it gets when it cannot be printed. */
  readonly name: string;
  /** The command that deletes it; a key that took another one's place has none. */
  readonly revoke?: string;
}

const REPLACED = 'The old key no longer works. Make a new one at https://cloud.vast.ai/manage-keys/';

/**
 * Prints a key that exists nowhere else. One that cannot be printed is in a file then.
 *
 * @throws VastaiError `internal` that names the file, or says that the key is lost.
 */
export async function printNewKey(
  { key, response, kept, name, revoke }: NewKey,
  { paths }: Pick<Context, 'paths'>,
  output: Output,
): Promise<void> {
  try {
    await output.newKey(key.reveal(), response);
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const file = kept ?? (await keepUnsaved(paths, name, key).catch(() => undefined));
    const deleteIt = revoke === undefined ? [] : [`Delete the key: ${revoke}`];
    if (file === undefined) {
      throw withDetails(error, { message: `${error.message} It is lost.`, hint: deleteIt[0] ?? REPLACED });
    }
    throw withDetails(error, {
      message: `${error.message} It is in ${file.path}.`,
      hint: [`Put it where it belongs, then remove the file: rm ${shellWord(file.path)}`, ...deleteIt].join(
        '\n',
      ),
    });
  }
}
