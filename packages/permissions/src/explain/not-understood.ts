import { undocumentedParts } from '../decision/undocumented-parts.js';
import { formatPath, type Path, pathTo } from '../json/json-path.js';
import { startFinder } from '../json/line-finder.js';
import type { JsonNode } from '../json/parse.js';
import { LineIndex } from '../json/positions.js';

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

/** Lists what is not understood in a document, in its order. Empty for full access. */
export function notUnderstood(document: unknown, written?: WrittenDocument): NotUnderstood[] {
  const parts = undocumentedParts(document);
  if (written === undefined || parts.length === 0) {
    return parts.map(({ path, reason }) => ({ path: formatPath(path), line: null, column: null, reason }));
  }
  const startOf = startFinder(written.root);
  const lines = new LineIndex(written.text);
  return parts.map(({ path, reason }) => {
    const { line, column } = lines.position(startOf(path));
    return { path: formatPath(inside(written.at, path)), line, column, reason };
  });
}

function inside(outer: Path | undefined, path: Path | undefined): Path | undefined {
  return path === undefined ? outer : pathTo(inside(outer, path.parent), path.key);
}
