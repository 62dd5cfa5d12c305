import type { ApiKey } from '@vastai-cli/core/credentials/api-key';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/credentials/unsaved-key';
import { isVastaiError, restate } from '@vastai-cli/core/errors';
import type { Session } from '@vastai-cli/core/session';
import { shellWord } from '@vastai-cli/core/shell-word';
import type { Output } from '@vastai-cli/kit/output';

export interface NewKey {
  readonly key: ApiKey;
  /** What a script gets: `value` with `--json`, `raw` with `--raw`. */
  readonly answer: { readonly value: unknown; readonly raw: unknown };
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
  { key, answer, kept, name, revoke }: NewKey,
  { paths }: Pick<Session, 'paths'>,
  output: Output,
): Promise<void> {
  try {
    await output.newKey(key.reveal(), answer);
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const file = kept ?? (await keepUnsaved(paths, name, key).catch(() => undefined));
    const deleteIt = revoke === undefined ? [] : [`Delete the key: ${revoke}`];
    if (file === undefined) {
      throw restate(error, { message: `${error.message} It is lost.`, hint: deleteIt[0] ?? REPLACED });
    }
    throw restate(error, {
      message: `${error.message} It is in ${file.path}.`,
      hint: [`Put it where it belongs, then remove the file: rm ${shellWord(file.path)}`, ...deleteIt].join(
        '\n',
      ),
    });
  }
}
