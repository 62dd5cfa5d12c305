// Bold and dim on a terminal that wants them, else the text as it is.
const { NO_COLOR, TERM } = process.env;
const styled = process.stdout.isTTY && (NO_COLOR === undefined || NO_COLOR === '') && TERM !== 'dumb';

export const bold = (text) => (styled ? `\x1b[1m${text}\x1b[22m` : text);
export const dim = (text) => (styled ? `\x1b[2m${text}\x1b[22m` : text);
