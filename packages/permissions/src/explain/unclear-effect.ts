import { type UndocumentedPart, undocumentedParts } from '../decision/undocumented-parts.js';

/**
 * Lists the parts that could make a document allow everything, or anything of a category: an "api" without categories, a
 * document without "api", and names that look like patterns. A new key should not be made from such a document by
 * accident.
 *
 * @param document a parsed document, valid or not; undefined, null and false mean full access, which is clear
 */
export function unclearEffect(document: unknown): UndocumentedPart[] {
  return undocumentedParts(document).filter(
    ({ kind, path }) => kind === 'empty' || kind === 'name' || (kind === 'format' && path === undefined),
  );
}
