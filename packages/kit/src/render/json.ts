import { escapeInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Ansis } from 'ansis';

/**
 * JSON for a stream: control characters, those that reorder text and those that nobody sees are escaped, so that
 * an answer of the server cannot steer a terminal or hide something; the value stays the same.
 */
export function toJson(value: unknown): string {
  return escapeInvisible(JSON.stringify(value, null, 2));
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
