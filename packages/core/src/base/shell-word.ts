/** Quotes a word for a shell, for a command in a message. Returns it unchanged if it needs no quotation marks. */
export function shellWord(word: string): string {
  if (/^[\w%+,./:=@-]+$/u.test(word)) return word;
  return process.platform === 'win32' ? `"${word}"` : `'${word.replaceAll("'", "'\\''")}'`;
}
