import { widthOf } from './text-width.js';

/** Matches a command, which must stay on one line to be copied: in quotation marks, after a colon or bracket, or at the start of a line. */
const COMMAND = /"(?:vastai|npm|npx|rm) [^"]+"|(?<=^|[:(] ?)(?:vastai|npm|npx|rm) .*?(?=[.,;)](?: |$)|$)/gu;

/** Replaces a space that must not be wrapped at. Text for a person contains no control characters, so it is free. */
const HELD = '\0';

/**
 * Wraps text at spaces, so that a terminal does not break it inside words. Keeps existing line breaks. A word or
 * command that is too long for a line gets its own line.
 *
 * @param columns the width of the terminal
 * @param begin the column in which the text begins, from 0; the wrapped lines of its first line align with it
 * @param hang extra indent of wrapped lines, in columns
 */
export function wrap(
  text: string,
  columns: number,
  { begin = 0, hang = 0 }: { begin?: number; hang?: number } = {},
): string {
  const [first = '', ...others] = text.split('\n');
  return [
    wrapLine(first, columns, begin, hang),
    ...others.map((line) => wrapLine(line, columns, 0, hang)),
  ].join('\n');
}

function wrapLine(line: string, columns: number, begin: number, hang: number): string {
  const [own = ''] = /^ */u.exec(line) ?? [];
  const indent = ' '.repeat(Math.min(begin + own.length + hang, Math.floor(columns / 2)));
  const words = line
    .slice(own.length)
    .replace(COMMAND, (command) => command.replaceAll(' ', HELD))
    .split(' ');
  let wrapped = own;
  let column = begin + own.length;
  for (const [index, word] of words.entries()) {
    const width = widthOf(word.replaceAll(HELD, ' '));
    const space = index === 0 ? 0 : 1;
    // The first word moves away from its prefix only if it then fits on a line.
    const isBetterBelow = column > indent.length && (index > 0 || indent.length + width <= columns);
    if (column + space + width <= columns || !isBetterBelow) {
      wrapped += ' '.repeat(space) + word;
      column += space + width;
    } else {
      wrapped += `\n${indent}${word}`;
      column = indent.length + width;
    }
  }
  return wrapped.replaceAll(HELD, ' ');
}
