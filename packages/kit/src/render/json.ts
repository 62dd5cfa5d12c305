import type { Ansis } from 'ansis';

/** Control, bidi, tag and other invisible characters, but for the two selectors that emoji need. */
const INVISIBLE = /(?!\ufe0e|\ufe0f)[\u007f-\u009f\u2028\u2029\p{Cf}\p{DI}]/gu;

/**
 * JSON for a stream: control characters, those that reorder text and those that nobody sees are escaped, so that
 * an answer of the server cannot steer a terminal or hide something; the value stays the same.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(INVISIBLE, (character) =>
    // A character beyond U+FFFF is two units, each with its own escape.
    character
      .split('')
      .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`)
      .join(''),
  );
}

/** Colours keys, texts and other values of JSON that `toJson` made. */
export function colourJson(json: string, style: Ansis): string {
  if (style.level === 0) return json;
  return json.replace(
    /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/giu,
    (token, text, colon) => {
      if (colon !== undefined) return style.cyan(text) + colon;
      return text === undefined ? style.yellow(token) : style.green(token);
    },
  );
}
