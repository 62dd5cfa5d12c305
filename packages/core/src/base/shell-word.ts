/** Writes a word as a shell takes it, for a command in a message; in quotation marks only where it needs them. */
export function shellWord(word: string): string {
  if (/^[\w%+,./:=@-]+$/u.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
