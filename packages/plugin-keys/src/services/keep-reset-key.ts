import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { type SavedKey, saveKey } from '@vastai-cli/core/internal/credentials/save';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { withoutSecrets } from '@vastai-cli/core/internal/http/redaction';
import type { KeyStore } from '@vastai-cli/core/internal/secrets/store';
import { failureOf } from '@vastai-cli/kit/render/failure';
import type { Output } from '@vastai-cli/kit/render/output';
import { isStdoutDiscarded } from '@vastai-cli/kit/render/standard-streams';
import { printNewKey } from './print-new-key.js';
import { withNotice } from './with-notice.js';

/** What a reset key is kept with. */
export interface ResetContext {
  readonly context: Context;
  /** The store that the old key was in; without one, the new key is printed. */
  readonly store: KeyStore | undefined;
  /** The key that was reset; another one that was saved meanwhile is not overwritten. */
  readonly replaces: ApiKey;
  readonly client: Client;
  readonly output: Output;
  /** Aborted by the first signal, which leaves the work alone. */
  readonly interruption: AbortSignal;
  /** Aborted by the second, which ends a wait. */
  readonly givingUp: AbortSignal;
}

/**
 * Saves the new key where the old one was, or prints it. It exists nowhere else: before anything that can take
 * long it is put in a file, which goes when the key is saved or printed.
 *
 * @returns the exit status: that of the failed save, when the key was printed for that reason.
 * @throws VastaiError `interrupted` when it is given up, `internal` when it could be printed neither.
 */
export async function keepResetKey(
  { value: { key }, raw }: ApiResponse<{ readonly key: ApiKey }>,
  reset: ResetContext,
): Promise<number> {
  const { context, store, output, interruption } = reset;
  const kept = await keepUnsaved(context.paths, context.profile.name, key).catch(() => undefined);
  if (store === undefined) {
    const value = { storage: null, location: null, suffix: key.suffix, key: key.reveal() };
    await print(key, { value, raw }, kept, reset);
    output.note('This is the new key. The old one no longer works; change it where it was set.');
    return 0;
  }
  const notice = () => {
    if (kept !== undefined) output.warn(`The new key is not saved yet. ${whereItIs(kept, reset)}`);
  };
  let saved: SavedKey;
  try {
    saved = await withNotice(interruption, notice, () => save(store, key, kept, reset));
  } catch (error) {
    if (isVastaiError(error) && error.code === 'interrupted') throw error;
    return printUnsaved(error, key, kept, reset);
  }
  await drop(kept, output);
  const { storage, location } = saved;
  if (output.format === 'human')
    output.sentence(`The new key ${key} is saved in ${location}. The old one no longer works.`);
  else output.response({ value: { storage, location, suffix: key.suffix }, raw: withoutSecrets(raw) });
  return 0;
}

/**
 * Saves the key, unless the wait for a lock or a keychain is given up.
 *
 * @throws VastaiError `interrupted` that names the file of the key; `storage` where there is none, so that it is printed.
 */
async function save(
  store: KeyStore,
  key: ApiKey,
  kept: UnsavedKey | undefined,
  reset: ResetContext,
): Promise<SavedKey> {
  const { context, replaces, givingUp } = reset;
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
}

/** Prints the key that could not be saved, with the reason. @returns the exit status */
async function printUnsaved(
  error: unknown,
  key: ApiKey,
  kept: UnsavedKey | undefined,
  reset: ResetContext,
): Promise<number> {
  const { output, client } = reset;
  const reason = isVastaiError(error) ? error.message : String(error);
  const failure = failureOf(
    new VastaiError(
      'storage',
      `The new key could not be saved, so it was printed. The old one no longer works. ${reason}`,
      {
        hint: `Save it with: ${client.command('set api-key')}`,
        data: { storage: null, location: null, suffix: key.suffix, key: key.reveal() },
      },
    ),
  );
  await print(key, { value: failure.document, raw: failure.document }, kept, reset);
  if (output.format === 'human') output.failure(failure);
  return failure.exitStatus;
}

async function print(
  key: ApiKey,
  response: { readonly value: unknown; readonly raw: unknown },
  kept: UnsavedKey | undefined,
  reset: ResetContext,
): Promise<void> {
  const { context, output } = reset;
  await printNewKey({ key, response, kept, name: context.profile.name }, context, output);
  // Without the key nobody gets into the account, whatever was meant by throwing it away.
  if (kept === undefined || !isStdoutDiscarded()) await drop(kept, output);
  else output.warn(`Standard output goes nowhere, so the new key was kept. ${whereItIs(kept, reset)}`);
}

/** Removes the file of a key that is elsewhere by now; one that stays is a leftover and no failure. */
async function drop(kept: UnsavedKey | undefined, output: Output): Promise<void> {
  await kept?.remove().catch(() => output.warn(`A copy of the new key is still in ${kept.path}. Remove it.`));
}

function whereItIs({ path }: UnsavedKey, { client }: ResetContext): string {
  const file = shellWord(path);
  return `It is in ${path}. Save it with: ${client.command('set api-key')} < ${file} && rm ${file}`;
}
