import type { Session } from '@vastai-cli/core/session';

const VARIABLES = ['VAST_API_KEY', 'VAST_API_KEY_FILE'] as const;

/** What still gives a key when none is saved, in sentences: variables, and a command that config.json names. */
export function keysThatStay({
  environment,
  record,
  profile,
}: Pick<Session, 'environment' | 'record' | 'profile'>): string[] {
  const names = VARIABLES.filter((name) => environment[name] !== undefined);
  const sentences: string[] = [];
  if (names.length === 1) sentences.push(`${names[0]} is set and stays: its key is still sent.`);
  if (names.length > 1) sentences.push(`${names.join(' and ')} are set and stay: a key is still sent.`);
  if (record?.storage === 'command') {
    sentences.push(`The key of profile "${profile.name}" comes from a command, which config.json names.`);
  }
  return sentences;
}
