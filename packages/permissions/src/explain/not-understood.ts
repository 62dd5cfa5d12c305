import { undocumentedParts } from '../decision/undocumented-parts.js';
import { formatPath, type Path, pathTo } from '../json/json-path.js';
import type { JsonNode } from '../json/parse.js';
import { LineIndex, type Span } from '../json/positions.js';

/** Describes a part of a document whose effect nobody can tell. */
export interface NotUnderstood {
  /** JSONPath. */
  readonly path: string;
  /** Null for a document that is not a file. */
  readonly line: number | null;
  readonly column: number | null;
  /** One sentence. */
  readonly reason: string;
}

/** Holds the text of a document, to say on which lines its parts are. */
export interface WrittenDocument {
  readonly text: string;
  /** The document in the text. */
  readonly root: JsonNode;
  /** The path of the document, if it is inside another object. */
  readonly at: Path | undefined;
}

/** The level of the parameters in a constraint, below which no part is listed. */
const DEEPEST = 5;

/** Lists what is not understood in a document, in its order. Empty for full access. */
export function notUnderstood(document: unknown, written?: WrittenDocument): NotUnderstood[] {
  const parts = undocumentedParts(document);
  if (written === undefined || parts.length === 0) {
    return parts.map(({ path, reason }) => ({ path: formatPath(path), line: null, column: null, reason }));
  }
  const spans = spansOf(written.root);
  const lines = new LineIndex(written.text);
  return parts.map(({ path, reason }) => {
    const { line, column } = lines.position((spans.get(formatPath(path)) ?? written.root).start);
    return { path: formatPath(inside(written.at, path)), line, column, reason };
  });
}

/** Returns where each part is, by its path. Of duplicate keys, the last one takes effect. */
function spansOf(root: JsonNode): Map<string, Span> {
  const spans = new Map<string, Span>();
  const collect = (node: JsonNode | undefined, at: Path | undefined, level: number): void => {
    if (node?.type !== 'object' || level === DEEPEST) return;
    for (const { key, keySpan, value } of node.properties) {
      const path = pathTo(at, key);
      spans.set(formatPath(path), keySpan);
      collect(value, path, level + 1);
    }
  };
  collect(root, undefined, 0);
  return spans;
}

function inside(outer: Path | undefined, path: Path | undefined): Path | undefined {
  return path === undefined ? outer : pathTo(inside(outer, path.parent), path.key);
}
