import type { Answer } from '@vastai-cli/core/api/answer';
import type { Client } from '@vastai-cli/core/api/client';
import { withoutSecrets } from '@vastai-cli/core/api/masking';
import type { ApiKey } from '@vastai-cli/core/credentials/api-key';
import { type SavedKey, saveKey } from '@vastai-cli/core/credentials/save';
import type { KeyStore } from '@vastai-cli/core/credentials/store';
import { keepUnsaved, type UnsavedKey } from '@vastai-cli/core/credentials/unsaved-key';
import { isVastaiError, VastaiError } from '@vastai-cli/core/errors';
import type { Session } from '@vastai-cli/core/session';
import { shellWord } from '@vastai-cli/core/shell-word';
import { failureOf } from '@vastai-cli/kit/failure';
import type { Output } from '@vastai-cli/kit/output';
import { isStdoutDiscarded } from '@vastai-cli/kit/standard-streams';
import { printNewKey } from './print-new-key.js';
import { withNotice } from './with-notice.js';

/** What a reset key is kept with. */
export interface ResetContext {
  readonly session: Session;
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
  { value: { key }, raw }: Answer<{ readonly key: ApiKey }>,
  context: ResetContext,
): Promise<number> {
  const { session, store, output, interruption } = context;
  const kept = await keepUnsaved(session.paths, session.profile.name, key).catch(() => undefined);
  if (store === undefined) {
    const value = { storage: null, location: null, suffix: key.suffix, key: key.reveal() };
    await print(key, { value, raw }, kept, context);
    output.note('This is the new key. The old one no longer works; change it where it was set.');
    return 0;
  }
  const notice = () => {
    if (kept !== undefined) output.warn(`The new key is not saved yet. ${whereItIs(kept, context)}`);
  };
  let saved: SavedKey;
  try {
    saved = await withNotice(interruption, notice, () => save(store, key, kept, context));
  } catch (error) {
    if (isVastaiError(error) && error.code === 'interrupted') throw error;
    return printUnsaved(error, key, kept, context);
  }
  await drop(kept, output);
  const { storage, location } = saved;
  if (output.format === 'human')
    output.sentence(`The new key ${key} is saved in ${location}. The old one no longer works.`);
  else output.answer({ value: { storage, location, suffix: key.suffix }, raw: withoutSecrets(raw) });
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
  context: ResetContext,
): Promise<SavedKey> {
  const { session, replaces, givingUp } = context;
  const saved = saveKey(session, store, key, replaces);
  return new Promise((resolve, reject) => {
    saved.then(resolve, reject);
    const giveUp = () => {
      const message = 'Interrupted before the new key was saved. The old one no longer works.';
      if (kept === undefined) reject(new VastaiError('storage', 'Interrupted.'));
      else reject(new VastaiError('interrupted', message, { hint: whereItIs(kept, context) }));
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
  context: ResetContext,
): Promise<number> {
  const { output, client } = context;
  const reason = isVastaiError(error) ? error.message : String(error);
  const failure = failureOf(
    new VastaiError(
      'storage',
      `The new key could not be saved, so it was printed. The old one no longer works. ${reason}`,
      {
        hint: `Save it with: ${client.command('set api-key')}`,
        beside: { storage: null, location: null, suffix: key.suffix, key: key.reveal() },
      },
    ),
  );
  await print(key, { value: failure.document, raw: failure.document }, kept, context);
  if (output.format === 'human') output.failure(failure);
  return failure.exitStatus;
}

async function print(
  key: ApiKey,
  answer: { readonly value: unknown; readonly raw: unknown },
  kept: UnsavedKey | undefined,
  context: ResetContext,
): Promise<void> {
  const { session, output } = context;
  await printNewKey({ key, answer, kept, name: session.profile.name }, session, output);
  // Without the key nobody gets into the account, whatever was meant by throwing it away.
  if (kept === undefined || !isStdoutDiscarded()) await drop(kept, output);
  else output.warn(`Standard output goes nowhere, so the new key was kept. ${whereItIs(kept, context)}`);
}

/** The key is elsewhere now, so a file that stays is a leftover and no failure. */
async function drop(kept: UnsavedKey | undefined, output: Output): Promise<void> {
  await kept?.remove().catch(() => output.warn(`A copy of the new key is still in ${kept.path}. Remove it.`));
}

function whereItIs({ path }: UnsavedKey, { client }: ResetContext): string {
  const file = shellWord(path);
  return `It is in ${path}. Save it with: ${client.command('set api-key')} < ${file} && rm ${file}`;
}
