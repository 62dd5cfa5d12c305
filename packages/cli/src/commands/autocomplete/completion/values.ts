import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';

/** Describes what a shell completes in one place: a word from a list, a profile, a file, or nothing. */
export type Values = 'profiles' | 'files' | 'free' | readonly string[];

interface Flag {
  readonly type: 'boolean' | 'option';
  readonly options?: readonly string[] | undefined;
  readonly helpValue?: string | readonly string[] | undefined;
}

interface Argument {
  readonly name?: string | undefined;
  readonly options?: readonly string[] | undefined;
}

/** The arguments that no shell can complete. */
const FREE_ARGUMENTS = ['id', 'key'];

/** Returns the possible values of a flag; `undefined` for a flag without a value. */
export function valuesOfFlag(name: string, { type, options, helpValue }: Flag): Values | undefined {
  if (type === 'boolean') return undefined;
  if (options !== undefined) return options;
  if (name === 'profile') return 'profiles';
  // A third-party plugin may take a file without declaring it.
  if (helpValue === undefined) return name === 'name' ? 'free' : 'files';
  return /FILE|FOLDER|DIR|PATH/u.test(String(helpValue)) ? 'files' : 'free';
}

/** Returns the routes that `api` takes, without what may be left out of them. */
function routes(): readonly string[] {
  const all = OPERATIONS.map(({ route }) => route.replace(/^\/api\/v0\//u, ''));
  return [...new Set(all)].sort();
}

/** Returns the possible values of an argument. */
export function valuesOfArgument(id: string, { name, options }: Argument): Values {
  if (options !== undefined) return options;
  if (id === 'api') return routes();
  const lower = name?.toLowerCase() ?? '';
  if (id.startsWith('profile:') && lower === 'name') return 'profiles';
  return FREE_ARGUMENTS.includes(lower) ? 'free' : 'files';
}
