import { escapeInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import { type Styles, UNSTYLED } from './styles.js';

/**
 * Returns indented JSON for output. Escapes control, invisible and text-reordering characters, so that a server's response
 * cannot control the terminal or hide text. Parsing it returns the same value.
 */
export function toJson(value: unknown): string {
  return escapeInvisible(JSON.stringify(value, null, 2));
}

/** Adds colours for names, strings and other values to JSON from `toJson`. */
export function colourJson(json: string, style: Styles): string {
  if (style === UNSTYLED) return json;
  return json.replace(
    /("(?:[^"\\]|\\.)*")(\s*:)?|\b(?:true|false|null)\b|-?\d+(?:\.\d+)?(?:e[+-]?\d+)?/giu,
    (token, text, colon) => {
      if (colon !== undefined) return style.cyan(text) + colon;
      return text === undefined ? style.yellow(token) : style.green(token);
    },
  );
}
