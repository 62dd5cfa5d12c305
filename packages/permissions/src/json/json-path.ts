import { escapeUnits, replaceUnseen } from './unseen.js';

/** Describes the path to a part of a document, linked from the innermost key outwards. Undefined is the document. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: string | number;
}

/** Returns the path of a member of the part at `parent`. */
export function pathTo(parent: Path | undefined, key: string | number): Path {
  return { parent, key };
}

/** Longer paths are cut. Otherwise one long key with many findings below it could use up the memory. */
const LONGEST = 1000;

/**
 * Formats a path as JSONPath: `$`, `$.api.misc`, `$.api.instance_read['api.instance.show']`, `$.list[0]`. Control and
 * invisible characters in keys become `\uXXXX`, so that the result is safe to print.
 */
export function formatPath(path: Path | undefined): string {
  const steps: string[] = [];
  for (let at = path; at !== undefined; at = at.parent) steps.push(formatStep(at.key));
  const text = `$${steps.reverse().join('')}`;
  return text.length > LONGEST ? `${text.slice(0, LONGEST).replace(/\p{Surrogate}$/u, '')}…` : text;
}

function formatStep(key: string | number): string {
  if (typeof key === 'number') return `[${key}]`;
  if (key.length > LONGEST) return formatStep(key.slice(0, LONGEST));
  if (/^[A-Za-z_$][\w$]*$/u.test(key)) return `.${key}`;
  const quoted = replaceUnseen(key.replace(/[\\']/gu, '\\$&'), escapeUnits);
  return `['${quoted}']`;
}
