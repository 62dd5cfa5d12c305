import type { Path } from './json-path.js';
import { type JsonNode, parseJson } from './parse.js';
import { LineIndex } from './positions.js';

/** A part of a document with the parts in it by key, which are listed only once they are needed. */
interface Part {
  readonly start: number;
  readonly value: JsonNode | undefined;
  members?: Map<string | number, Part>;
}

/**
 * Returns a function that finds the line of a part of a document, or of the innermost part around it if the document
 * does not have it. Parses the text once, so that many parts can be found in it. For a duplicate key it is the last one,
 * which takes effect.
 *
 * @param text the JSON, without a byte order mark
 */
export function lineFinder(text: string): (path: Path | undefined) => number | undefined {
  const { root } = parseJson(text);
  if (root === undefined) return () => undefined;
  const [lines, startOf] = [new LineIndex(text), startFinder(root)];
  return (path) => lines.position(startOf(path)).line;
}

/** Returns a function that finds the offset of a part of a value, as `lineFinder` does. */
export function startFinder(root: JsonNode): (path: Path | undefined) => number {
  const whole = { start: root.start, value: root };
  return (path) => findPart(whole, path).start;
}

function findPart(whole: Part, path: Path | undefined): Part {
  const keys: (string | number)[] = [];
  for (let at = path; at !== undefined; at = at.parent) keys.push(at.key);
  let part = whole;
  for (const key of keys.reverse()) {
    const inner = membersOf(part).get(key);
    if (inner === undefined) return part;
    part = inner;
  }
  return part;
}

function membersOf(part: Part): Map<string | number, Part> {
  part.members ??= new Map(entriesOf(part.value));
  return part.members;
}

function entriesOf(node: JsonNode | undefined): [string | number, Part][] {
  if (node?.type === 'array') return node.items.map((value, index) => [index, { start: value.start, value }]);
  if (node?.type !== 'object') return [];
  return node.properties.map(({ key, keySpan, value }) => [key, { start: keySpan.start, value }]);
}
