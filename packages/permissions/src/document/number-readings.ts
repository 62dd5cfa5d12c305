/**
 * Lists the numbers that a server could read from a string which is not the plain spelling of a number: `05` as 5,
 * `010` as 10 or 8, `5e0`, `0x5`, `+5`, ` 5`, and full-width digits as 5, `5,6` as 5, 6 or 56. An empty list means that
 * it is certainly no number.
 */
export function numbersIn(text: string): number[] {
  const written = withPlainDigits(text.normalize('NFKC')).trim().replace(/["']/gu, '');
  const parts = new Set([written, ...written.split(/[\s,;|]+/u)]);
  return [...new Set([...parts].flatMap(numbersOfPart))];
}

/** Returns the readings of a string that take all of it, so that `5abc` has none. */
export function isNumberLike(text: string): boolean {
  return numbersOf(withPlainDigits(text.normalize('NFKC')).trim()).length > 0;
}

function numbersOfPart(part: string): number[] {
  const start = Number.parseFloat(part);
  return [...numbersOf(part), ...(Number.isNaN(start) ? [] : [start, Math.trunc(start)])];
}

function numbersOf(part: string): number[] {
  const joined = part.replace(/[\s,_]+/gu, '').toLowerCase();
  if (!/[^+-]/u.test(joined)) return [];
  const octal = /^[+-]?0o?[0-7]+$/u.test(joined) ? Number.parseInt(joined.replace('o', ''), 8) : Number.NaN;
  const unsigned = Number(joined.replace(/^[+-]/u, ''));
  const number = joined.startsWith('-') ? -unsigned : unsigned;
  const infinite = /^[+-]?inf(?:inity)?$/u.test(joined) ? Number.POSITIVE_INFINITY : Number.NaN;
  const signed = joined.startsWith('-') ? -infinite : infinite;
  return [number, octal, signed].filter((one) => !Number.isNaN(one));
}

/** Replaces the digits of every script with 0 to 9. Their code points are in rows of ten that begin with the zero. */
function withPlainDigits(text: string): string {
  return text.replace(/\p{Nd}/gu, (digit) => {
    const code = digit.codePointAt(0) as number;
    let before = 0;
    while (before < 10 && /\p{Nd}/u.test(String.fromCodePoint(code - before - 1))) before += 1;
    return String(before % 10);
  });
}
