/** What a shell completes in one place: one of some words, the name of a profile, a file, or nothing, since it is free. */
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

/** Arguments that a person knows and no shell can. */
const FREE_ARGUMENTS = ['id', 'key'];

/** Returns what the value of a flag can be; `undefined` for a flag that takes none. */
export function valuesOfFlag(name: string, { type, options, helpValue }: Flag): Values | undefined {
  if (type === 'boolean') return undefined;
  if (options !== undefined) return options;
  if (name === 'profile') return 'profiles';
  // A plugin of others may take a file without saying so.
  if (helpValue === undefined) return name === 'name' ? 'free' : 'files';
  return /FILE|FOLDER|DIR|PATH/u.test(String(helpValue)) ? 'files' : 'free';
}

/** Returns what an argument of a command can be. */
export function valuesOfArgument(id: string, { name, options }: Argument): Values {
  if (options !== undefined) return options;
  const lower = name?.toLowerCase() ?? '';
  if (id.startsWith('profile:') && lower === 'name') return 'profiles';
  return FREE_ARGUMENTS.includes(lower) ? 'free' : 'files';
}
