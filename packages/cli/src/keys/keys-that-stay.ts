import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { unsavedKeys } from '@vastai-cli/core/internal/credentials/unsaved-key';

const VARIABLES = ['VAST_API_KEY', 'VAST_API_KEY_FILE'] as const;

/**
 * Returns sentences about the keys that remain after those of a profile are removed: in variables, from a command in
 * config.json, and new keys that were never saved.
 */
export async function keysThatStay(context: Context): Promise<string[]> {
  const { environment, record, profile } = context;
  const names = VARIABLES.filter((name) => environment[name] !== undefined);
  const sentences: string[] = [];
  if (names.length === 1) sentences.push(`${names[0]} is still set, so its key is still sent.`);
  if (names.length > 1) sentences.push(`${names.join(' and ')} are still set, so a key is still sent.`);
  if (record?.storage === 'command') {
    sentences.push(`Profile "${profile.name}" still gets a key from the command in config.json.`);
  }
  return [...sentences, ...(await unsavedKeysThatStay(context))];
}

/** Returns a sentence for each file with a new key of a profile that was never saved, and may be the only one that works. */
export async function unsavedKeysThatStay({ paths, profile }: Context): Promise<string[]> {
  const own = (await unsavedKeys(paths)).filter((left) => left.profile === profile.name);
  return own.map(
    ({ path }) =>
      `A new key that was never saved is still in ${path}. Remove the file if you do not need the key.`,
  );
}
