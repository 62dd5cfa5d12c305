const LONGEST = 80;

/**
 * A text from a file in double quotes, fit for a message: cut to 80 characters, with everything escaped
 * that could steer a terminal or hide (control characters, bidirectional marks, half surrogate pairs).
 */
export function quote(text: string): string {
  const cut = text.length > LONGEST ? `${text.slice(0, LONGEST)}…` : text;
  const escaped = cut
    .replace(/[\\"]/gu, '\\$&')
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\u2028\u2029]/gu, (unit) =>
      [...unit].map((one) => `\\u{${(one.codePointAt(0) as number).toString(16)}}`).join(''),
    );
  return `"${escaped}"`;
}
