/**
 * The words of a command line, with quotes as in a shell and nothing else of it: a shell in between would be timed too.
 *
 * @param {string} text
 * @returns {string[]} at least one
 * @throws {Error} if there is none, or a quote is not closed
 */
export function commandWords(text) {
  const words = text.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/gu) ?? [];
  const rest = text.replaceAll(/(?:[^\s'"]|'[^']*'|"[^"]*")+/gu, '').trim();
  if (words.length === 0 || rest !== '') throw new Error(`This is no command: ${text}`);
  return words.map((word) => word.replaceAll(/'([^']*)'|"([^"]*)"/gu, '$1$2'));
}

/**
 * A command as it may be shown to everybody: of a path only the last name is left.
 *
 * @param {readonly string[]} words
 */
export function shownCommand(words) {
  return words
    .map((word) => word.slice(Math.max(word.lastIndexOf('/'), word.lastIndexOf('\\')) + 1))
    .join(' ');
}
