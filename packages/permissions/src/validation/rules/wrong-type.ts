import type { Path } from '../../json/json-path.js';
import type { JsonNode } from '../../json/parse.js';
import type { Findings } from '../findings.js';

/**
 * Reports a value that should be an object.
 *
 * @param what names the value in the message
 */
export function reportWrongType(value: JsonNode, path: Path, what: string, findings: Findings): void {
  findings.add({
    code: 'VP017',
    span: value,
    path,
    message: `The value of ${what} must be an object, not ${NAMES[value.type]}.`,
    help: helpFor(value, path),
  });
}

/** Recommends `{}` only where it is known to mean everything. For "api" itself nobody knows what it means. */
function helpFor(value: JsonNode, path: Path): string {
  if (path.parent === undefined) return 'List the categories that the key needs: { "instance_read": {} }';
  if (value.type !== 'boolean') return 'To grant everything in it, write {}.';
  return value.value ? 'To grant all of it, write {}.' : 'To grant none of it, remove it.';
}

const NAMES: Readonly<Record<JsonNode['type'], string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};
