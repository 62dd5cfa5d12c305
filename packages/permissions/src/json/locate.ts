import { formatPath, type Path, pathTo } from './json-path.js';
import { type JsonNode, parseJson } from './parse.js';
import { LineIndex, type Position, type Span } from './positions.js';

/** Describes where a part of a document starts, and the first position after it. */
export interface Location extends Position {
  readonly endLine: number;
  readonly endColumn: number;
}

/**
 * Returns the location of a JSONPath from `decide` or `explain`: that of the key, of the array item, or of the document
 * for `$`. For a duplicate key it is the last one, which takes effect.
 *
 * @param text the text that `validate` returned
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
