/** Writes a word as a shell takes it, for a command in a message; in quotation marks only where it needs them. */
export function shellWord(text: string): string {
  return /^[\w%+,./:=@-]+$/u.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}
