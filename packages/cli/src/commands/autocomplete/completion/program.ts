/** How a completion script calls vastai for what only a run can know: the profiles. */
export interface Program {
  readonly node: string;
  readonly script: string;
}

/** Returns the program that is running, for shells that have no `vastai` in their path. */
export function thisProgram(): Program {
  return { node: process.execPath, script: process.argv[1] ?? '' };
}

/** Quotes a word for bash and zsh, whatever is in it: a home may have any name. */
export function posixQuoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
