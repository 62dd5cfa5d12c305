// Text as a terminal wants it: bold and dim where it may be, and broken between words.
const { NO_COLOR, TERM } = process.env;
const styled = process.stdout.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
const columns = process.stdout.columns || 80;

export const bold = (text) => (styled ? `\x1b[1m${text}\x1b[22m` : text);
export const dim = (text) => (styled ? `\x1b[2m${text}\x1b[22m` : text);

/** Breaks lines that are too wide, and indents the rest of each like its beginning. */
export function wrap(text) {
  return text.split('\n').map(wrapLine).join('\n');
}

function wrapLine(line) {
  const [indent] = /^ */u.exec(line);
  const fitting = new RegExp(`.{1,${Math.max(columns - indent.length, 1)}}(?= |$)|\\S+`, 'gu');
  const pieces = line.slice(indent.length).trimEnd().match(fitting) ?? [''];
  return pieces.map((piece) => `${indent}${piece.trim()}`.trimEnd()).join('\n');
}
