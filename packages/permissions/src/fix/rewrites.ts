import { documentText } from '../document/document-text.js';
import type { JsonNode, JsonObject } from '../json/parse.js';
import { rewriteOf } from '../validation/rewrite.js';
import { sideEffects } from '../validation/side-effects.js';
import { removalOf, wrappersOf } from '../validation/wrapper.js';
import type { Repair } from './fixed-text.js';

/** Takes a document out of a list, a string or "permissions", and keeps its layout. */
export function unwrap(root: JsonNode, text: string): Repair[] {
  const wrappers = wrappersOf(root, text);
  const inner = wrappers.at(-1);
  if (inner === undefined) return [];
  const taken = inner.text.slice(inner.value.start, inner.value.end);
  return wrappers.map((wrapper, index) => ({
    code: wrapper.kind === 'permissions' ? 'VP027' : 'VP008',
    message: removalOf(wrapper),
    edits: index === 0 ? [{ start: root.start, end: root.end, text: taken }] : [],
  }));
}

/** Replaces a document in a format that the API ignores by the categories it asks for, if that is certain. */
export function rewriteFormat(root: JsonObject): Repair[] {
  const rewrite = rewriteOf(root.properties);
  if (rewrite === undefined || rewrite.open !== undefined) return [];
  const { code, categories } = rewrite;
  const schema = root.properties.find(({ key }) => key === '$schema')?.value;
  const api = Object.fromEntries(categories.map((category) => [category, {}]));
  const written = documentText({ api }, schema?.type === 'string' ? schema.value : undefined);
  const said = `Replaced the format that the API ignores with the categories ${categories.join(', ')}.`;
  const effects = sideEffects(categories);
  return [
    {
      code,
      message: effects === '' ? said : `${said} ${effects}`,
      edits: [{ start: root.start, end: root.end, text: written.trimEnd() }],
    },
  ];
}
