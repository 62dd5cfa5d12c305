// Formats text for a terminal: bold and dim if it supports them, and wrapped at spaces.
const { NO_COLOR, TERM } = process.env;
const styled = process.stdout.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';
const columns = process.stdout.columns || 80;

export const bold = (text) => (styled ? `\x1b[1m${text}\x1b[22m` : text);
export const dim = (text) => (styled ? `\x1b[2m${text}\x1b[22m` : text);

/** Wraps lines that are too wide, and indents the continuation lines like the first. */
export function wrap(text) {
  return text.split('\n').map(wrapLine).join('\n');
}

function wrapLine(line) {
  const [indent] = /^ */u.exec(line);
  const fitting = new RegExp(`.{1,${Math.max(columns - indent.length, 1)}}(?= |$)|\\S+`, 'gu');
  const pieces = line.slice(indent.length).trimEnd().match(fitting) ?? [''];
  return pieces.map((piece) => `${indent}${piece.trim()}`.trimEnd()).join('\n');
}
