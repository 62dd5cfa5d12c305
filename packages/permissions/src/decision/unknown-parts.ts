import { fieldsOf, isObject } from '../json/json-object.js';
import { type Path, pathTo } from '../json/json-path.js';
import { apiOf, UNDOCUMENTED_KEYS } from './access.js';

/** Holds a part of two documents whose effect is not documented. Undefined in a document that does not have it. */
export interface UnknownPart {
  /** Undefined for the document as a whole. */
  readonly path: Path | undefined;
  readonly before: unknown;
  readonly after: unknown;
}

/** The document is level 0, `api` 1, a category 2, an endpoint 3. */
const CATEGORY_LEVEL = 2;
const ENDPOINT_LEVEL = 3;

/**
 * Finds the parts of two documents that must be compared as they are, since their effect on operations is unknown:
 * every `constraints` above an endpoint, every `params`, and everything that is malformed in both. Parts that are
 * malformed in only one document are left out, since operations show what the other one allows.
 */
export function unknownParts(before: unknown, after: unknown): UnknownPart[] {
  const parts: UnknownPart[] = [];
  const collect = (part: UnknownPart, level: number): void => {
    if (level >= CATEGORY_LEVEL && isMalformed(part)) parts.push(part);
    for (const member of membersOf(part)) {
      const { key } = member.path;
      if (level === ENDPOINT_LEVEL) {
        if (key === 'params' || (key === 'constraints' ? isMalformed(member) : isInBoth(member)))
          parts.push(member);
      } else if (UNDOCUMENTED_KEYS.has(key)) parts.push(member);
      else if (level > 0 || key === 'api') collect(member, level + 1);
    }
  };
  const whole = { path: undefined, before, after };
  if (apiOf(before) === undefined && apiOf(after) === undefined) parts.push(whole);
  collect(whole, 0);
  return parts;
}

/** Returns every member that at least one of the two has. */
function membersOf({ path, before, after }: UnknownPart): (UnknownPart & { path: { key: string } })[] {
  const [left, right] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(left), ...Object.keys(right)])].map((key) => ({
    path: { ...pathTo(path, key), key },
    before: Object.hasOwn(left, key) ? left[key] : undefined,
    after: Object.hasOwn(right, key) ? right[key] : undefined,
  }));
}

function isInBoth({ before, after }: UnknownPart): boolean {
  return before !== undefined && after !== undefined;
}

function isMalformed(part: UnknownPart): boolean {
  return isInBoth(part) && !isObject(part.before) && !isObject(part.after);
}
