import { formatPath, type Path, pathTo } from './json-path.js';
import { type JsonNode, parseJson } from './parse.js';
import { LineIndex, type Position, type Span } from './positions.js';

/** Gives the place of a part of a document; the end is the first place behind it. */
export interface Location extends Position {
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * Finds the place of a JSONPath, as `decide` and `explain` give it: the key of the part, the item of a list,
 * or the document for `$`. Of a key that stands twice it is the last, which is the one that counts.
 *
 * @param text the text that `validate` gave back
 */
export function locate(text: string, path: string): Location | undefined {
  const { root } = parseJson(text);
  const span = root === undefined ? undefined : spanOf(root, undefined, path);
  if (span === undefined) return undefined;
  const lines = new LineIndex(text);
  const end = lines.position(span.end);
  return { ...lines.position(span.start), endLine: end.line, endColumn: end.column };
}

function spanOf(node: JsonNode, at: Path | undefined, wanted: string): Span | undefined {
  const here = formatPath(at);
  if (here === wanted) return node;
  if (!wanted.startsWith(here)) return undefined;
  if (node.type === 'array') {
    return node.items
      .map((item, index) => spanOf(item, pathTo(at, index), wanted))
      .find((span) => span !== undefined);
  }
  if (node.type !== 'object') return undefined;
  for (const { key, keySpan, value } of [...node.properties].reverse()) {
    const inner = pathTo(at, key);
    if (formatPath(inner) === wanted) return keySpan;
    const found = value === undefined ? undefined : spanOf(value, inner, wanted);
    if (found !== undefined) return found;
  }
  return undefined;
}
