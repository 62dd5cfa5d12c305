import { escapeUnits, replaceUnseen } from './unseen.js';

/** Names a part of a document: a chain from the inside to the outside, undefined for the document. */
export interface Path {
  readonly parent: Path | undefined;
  readonly key: string | number;
}

/** Makes the path of a member of the part at `parent`. */
export function pathTo(parent: Path | undefined, key: string | number): Path {
  return { parent, key };
}

/** A longer path is cut: with one long key and many findings below it they could fill the memory. */
const LONGEST = 1000;

/**
 * Writes a path as JSONPath: `$`, `$.api.misc`, `$.api.instance_read['api.instance.show']`, `$.list[0]`. What
 * could steer a terminal or hide in a key is written as `\uXXXX`, so that the text is safe to print.
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
