import type { Ansis } from 'ansis';

/**
 * JSON for a stream: control characters and those that reorder text are escaped, so that an answer of the
 * server cannot steer a terminal; the value stays the same.
 */
export function toJson(value: unknown): string {
  return JSON.stringify(value, null, 2).replace(
    /[\u007f-\u009f\u061c\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff]/gu,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
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
