import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { unsavedKeys } from '@vastai-cli/core/internal/credentials/unsaved-key';

const VARIABLES = ['VAST_API_KEY', 'VAST_API_KEY_FILE'] as const;

/**
 * Names in sentences what stays when no key of a profile is saved any more: variables, a command in config.json, and
 * new keys that were never saved.
 */
export async function keysThatStay(context: Context): Promise<string[]> {
  const { environment, record, profile } = context;
  const names = VARIABLES.filter((name) => environment[name] !== undefined);
  const sentences: string[] = [];
  if (names.length === 1) sentences.push(`${names[0]} is set and stays: its key is still sent.`);
  if (names.length > 1) sentences.push(`${names.join(' and ')} are set and stay: a key is still sent.`);
  if (record?.storage === 'command') {
    sentences.push(`The key of profile "${profile.name}" comes from a command, which config.json names.`);
  }
  return [...sentences, ...(await unsavedKeysThatStay(context))];
}

/** Names in sentences the files with new keys of a profile that were never saved, and may be the only ones that work. */
export async function unsavedKeysThatStay({ paths, profile }: Context): Promise<string[]> {
  const own = (await unsavedKeys(paths)).filter((left) => left.profile === profile.name);
  return own.map(
    ({ path }) =>
      `A new key that was never saved stays in ${path}. Remove that file if you do not need the key.`,
  );
}
