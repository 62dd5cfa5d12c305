import type { Answer } from '@vastai-cli/core/api/answer';
import { withoutSecrets } from '@vastai-cli/core/api/masking';
import type { ApiKey } from '@vastai-cli/core/credentials/api-key';
import { saveKey } from '@vastai-cli/core/credentials/save';
import type { KeyStore } from '@vastai-cli/core/credentials/store';
import { isVastaiError, VastaiError } from '@vastai-cli/core/errors';
import type { Session } from '@vastai-cli/core/session';
import type { Output } from '@vastai-cli/kit/output';

/**
 * Saves the new key where the old one was, or prints it. It exists nowhere else: whatever fails here, the
 * person gets it.
 *
 * @param replaces the key that was reset; another one that was saved meanwhile is not overwritten
 * @throws VastaiError `storage` after printing the key, when it could not be saved.
 */
export async function keepResetKey(
  session: Session,
  store: KeyStore | undefined,
  { value: { key }, raw }: Answer<{ readonly key: ApiKey }>,
  replaces: ApiKey,
  output: Output,
): Promise<void> {
  if (store === undefined) {
    await printKey(key, raw, output);
    output.note('This is the new key. The old one no longer works; change it where it was set.');
    return;
  }
  try {
    const { storage, location } = await saveKey(session, store, key, replaces);
    if (output.format === 'human')
      output.sentence(`The new key ${key} is saved in ${location}. The old one no longer works.`);
    else output.answer({ value: { storage, location, suffix: key.suffix }, raw: withoutSecrets(raw) });
  } catch (error) {
    if (output.format === 'human') await printKey(key, raw, output);
    const reason = isVastaiError(error) ? error.message : String(error);
    throw new VastaiError(
      'storage',
      `The new key could not be saved, so it was printed. The old one no longer works. ${reason}`,
      {
        hint: 'Save it with: vastai set api-key',
        beside: { storage: null, location: null, suffix: key.suffix, key: key.reveal() },
      },
    );
  }
}

async function printKey(key: ApiKey, raw: unknown, output: Output): Promise<void> {
  const value = { storage: null, location: null, suffix: key.suffix, key: key.reveal() };
  await output.newKey(
    key.reveal(),
    { value, raw },
    'The old key no longer works. Make a new one at https://cloud.vast.ai/manage-keys/',
  );
}
