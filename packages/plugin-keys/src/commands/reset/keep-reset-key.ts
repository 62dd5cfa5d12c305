import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type SavedKey, saveKey } from '@vastai-cli/core/internal/credentials/save';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { withoutSecrets } from '@vastai-cli/core/internal/http/masking/redaction';
import type { ResetJournal } from '@vastai-cli/core/internal/operations/reset/journal';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import type { Output } from '@vastai-cli/kit/render/output';
import { placeOf } from '@vastai-cli/kit/render/place';
import { isStdoutDiscarded } from '@vastai-cli/kit/render/standard-streams';
import { line, note, type Remark, type Result, sentence, warning } from '@vastai-cli/kit/result';
import { keepUnprinted } from '../../keys/unprinted-key.js';
import { withNotice } from '../../keys/with-notice.js';

/** Holds the context for saving or printing a reset key. */
export interface ResetContext {
  readonly context: Context;
  /** The store that the old key was in; without one, the new key is printed. */
  readonly store: KeyStore | undefined;
  /** The key that was reset. If the store holds another key by now, it is not overwritten. */
  readonly replaces: ApiKey;
  readonly client: Client;
  /** Says that the outcome of the reset is not known, until the new key is saved or printed. */
  readonly journal: ResetJournal;
  /** Prints a warning about what is at stake when the work is interrupted. */
  readonly output: Output;
  /** Aborted by the first signal, which does not end the work. */
  readonly interruption: AbortSignal;
  /** Aborted by the second signal, which ends the wait for a lock or a keychain. */
  readonly givingUp: AbortSignal;
}

/** Holds the new key, and the file that keeps it until it is saved or printed (`undefined` if the file could not be written). */
interface NewKey {
  readonly key: ApiKey;
  readonly kept: UnsavedKey | undefined;
}

/**
 * Saves the new key where the old one was, or returns a result that prints it. The key exists nowhere else, so it is first
 * written to a file, which is removed once the key is saved or printed.
 *
 * @throws VastaiError `interrupted` if a second signal ends the save.
 */
export async function keepResetKey(
  { value: { key }, raw }: ApiResponse<{ readonly key: ApiKey }>,
  reset: ResetContext,
): Promise<Result> {
  const { context, store, journal } = reset;
  const kept = await keepUnsaved(context.paths, context.profile.name, key).catch(() => undefined);
  const made = { key, kept };
  if (store === undefined) {
    return printed(made, reset, { raw }, [
      note('This is the new key. The old one no longer works: replace it where you set it.'),
    ]);
  }
  let saved: SavedKey;
  try {
    saved = await save(store, made, reset);
  } catch (error) {
    if (isVastaiError(error) && error.code === 'interrupted') throw error;
    return printed(made, reset, { failure: notSaved(error, key, reset) });
  }
  const { storage, location } = saved;
  await journal.close(key);
  return {
    document: { storage, location, suffix: key.suffix },
    raw: withoutSecrets(raw),
    human: [sentence(`Saved the new key ${key} in ${placeOf(location)}. The old one no longer works.`)],
    remarks: await drop(kept),
  };
}

/**
 * Saves the key, unless a second signal ends the wait for a lock or a keychain.
 *
 * @throws VastaiError `interrupted` that names the file of the key; `storage` without a file, so that the key is printed.
 */
async function save(store: KeyStore, { key, kept }: NewKey, reset: ResetContext): Promise<SavedKey> {
  const { context, replaces, output, interruption, givingUp } = reset;
  const notice = () => {
    if (kept !== undefined) output.warn(`The new key is not saved yet. ${whereItIs(kept, reset)}`);
  };
  return withNotice(interruption, notice, () => {
    const saved = saveKey(context, store, key, { replaces });
    return new Promise((resolve, reject) => {
      saved.then(resolve, reject);
      const giveUp = () => {
        const message = 'Interrupted before the new key was saved. The old one no longer works.';
        if (kept === undefined) reject(new VastaiError('storage', 'Interrupted.'));
        else reject(new VastaiError('interrupted', message, { hint: whereItIs(kept, reset) }));
      };
      givingUp.addEventListener('abort', giveUp);
      if (givingUp.aborted) giveUp();
    });
  });
}

/** Returns a result that prints only the key, and removes its file once standard output has taken it. */
function printed(
  made: NewKey,
  reset: ResetContext,
  outcome: Pick<Result, 'raw' | 'failure'>,
  afterwards: readonly Remark[] = [],
): Result {
  const { key, kept } = made;
  const { paths, profile } = reset.context;
  return {
    ...outcome,
    document: documentOf(key),
    human: [line(key.reveal())],
    delivery: {
      arrived: async () => [...(await dropUnlessDiscarded(made, reset)), ...afterwards],
      lost: (error) => keepUnprinted(error, { key, kept, name: profile.name }, paths),
    },
  };
}

/** Returns the error for a key that could not be saved. Its data holds the key, for scripts. */
function notSaved(error: unknown, key: ApiKey, { client }: ResetContext): VastaiError {
  const reason = isVastaiError(error) ? error.message : String(error);
  return new VastaiError(
    'storage',
    `The new key could not be saved, so it was printed. The old one no longer works. ${reason}`,
    { hint: `Save it: ${client.command('set api-key')}`, data: documentOf(key) },
  );
}

function documentOf(key: ApiKey) {
  return { storage: null, location: null, suffix: key.suffix, key: key.reveal() };
}

async function dropUnlessDiscarded({ key, kept }: NewKey, reset: ResetContext): Promise<readonly Remark[]> {
  await reset.journal.close(key);
  if (kept === undefined || !isStdoutDiscarded()) return drop(kept);
  // The old key no longer works: without the new one, the account would be locked out.
  return [
    warning(`Standard output is discarded, so the new key was saved to a file. ${whereItIs(kept, reset)}`),
  ];
}

/** Removes the file of a key that is saved or printed. A failure is only a warning, because the key is not lost. */
async function drop(kept: UnsavedKey | undefined): Promise<readonly Remark[]> {
  try {
    await kept?.remove();
    return [];
  } catch {
    return [warning(`A copy of the new key is still in ${kept?.path}. Remove that file.`)];
  }
}

function whereItIs({ path }: UnsavedKey, { client }: ResetContext): string {
  const file = shellWord(path);
  return `It is in ${path}. Save it: ${client.command('set api-key')} < ${file} && rm ${file}`;
}
