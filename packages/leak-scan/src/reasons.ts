/** Says why a word is thought to be a key, in words that follow “because it is”. */
export const REASONS = {
  known: 'a key that is saved here',
  assignment: 'assigned to a name with “vast”',
  default: 'the default of a variable with “vast” in its name',
  command: 'an argument of “set api-key”',
  flag: 'the value of --api-key',
  bearer: 'a bearer token next to a Vast.ai address',
  query: 'a parameter of a Vast.ai address',
  host: 'an API key next to a Vast.ai address',
  call: 'passed to a client of Vast.ai',
  block: 'a key in a section about Vast.ai',
  dstack: 'a key in a “vastai” backend of dstack',
  'key-file': 'in a file for Vast.ai keys',
  redirect: 'written to a Vast.ai key file, or piped to a command that stores a key',
} as const;

export type Reason = keyof typeof REASONS;
