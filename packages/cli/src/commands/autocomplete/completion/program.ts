/** Describes how a completion script calls vastai to list the profiles. */
export interface Program {
  readonly node: string;
  readonly script: string;
}

/** Returns the path of the running program, for shells without `vastai` in their PATH. */
export function thisProgram(): Program {
  return { node: process.execPath, script: process.argv[1] ?? '' };
}

/** Quotes any word for bash and zsh. A home folder may have any name. */
export function posixQuoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
