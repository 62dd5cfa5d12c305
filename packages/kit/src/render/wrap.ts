import { widthOf } from './text-width.js';

/** A command is copied whole: in quotation marks, behind a colon or a bracket, or at the start of a line. */
const COMMAND = /"(?:vastai|npm|npx|rm) [^"]+"|(?<=^|[:(] ?)(?:vastai|npm|npx|rm) .*?(?=[.,;)](?: |$)|$)/gu;

/** Stands for a space that is not broken at. It is a control character, and no text for a person has one. */
const HELD = '\0';

/**
 * Breaks a text at spaces, so that a terminal does not break it inside words. The lines that it has stay, and
 * a word or a command that is too long for a line gets one of its own.
 *
 * @param begin the column in which the text begins, from 0; its first line goes on below there.
 * @param hang how much deeper a line goes on, where each line is an entry of a list.
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
    // The first word leaves what stands before it only for a line that holds it.
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
