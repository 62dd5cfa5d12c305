import { isMethod, methodAdvice } from './flags.js';

const JSON_BODY = '-d JSON';
const FILTER = '--jq EXPR';

/** Our flags for those that people know from gh, curl and HTTPie. */
const OURS: Readonly<Record<string, string>> = {
  '--input': '-d @FILE, or -d - for standard input',
  '--body': JSON_BODY,
  '--data-raw': JSON_BODY,
  '--data-binary': JSON_BODY,
  '--data-ascii': JSON_BODY,
  '--form': '-f KEY=STRING',
  '--request': '-X METHOD',
  '--get': '-X GET',
  '-G': '-X GET',
  '-q': FILTER,
  '--query': FILTER,
  '-t': FILTER,
  '--template': FILTER,
  '--slurp': '--paginate alone',
  '--limit': '--paginate --max N',
  '--hostname': '--url URL',
  '-v': '--explain',
  '--verbose': '--explain',
  '-m': '--timeout SECONDS',
  '--max-time': '--timeout SECONDS',
};

/** Returns our spelling of a flag that we do not have, or `undefined` if nobody knows it from elsewhere. */
export function ourFlag(typed: string): string | undefined {
  const [name = ''] = typed.split('=');
  return Object.hasOwn(OURS, name) ? OURS[name] : undefined;
}

/**
 * Returns where to put what was typed as an argument of its own: a method, as HTTPie takes it, or a field.
 *
 * @param words all arguments. They are not repeated, since a value may be a secret.
 */
export function adviceForArguments(words: readonly string[]): string | undefined {
  const method = words.find(isMethod);
  if (method !== undefined) return methodAdvice(method);
  const isField = words.slice(1).some((word) => word.includes('='));
  return isField ? 'Give a field with -f KEY=STRING, or -F KEY=VALUE' : undefined;
}
