import type { Path } from '../../json/json-path.js';
import type { JsonNode } from '../../json/parse.js';
import type { Findings } from '../findings.js';

/**
 * Reports a value that should be an object.
 *
 * @param what names the value in the message
 */
export function reportWrongType(value: JsonNode, path: Path, what: string, findings: Findings): void {
  const help =
    value.type === 'boolean'
      ? value.value
        ? 'To grant all of it, write {}.'
        : 'To grant none of it, remove it.'
      : 'To grant everything in it, write {}.';
  findings.add({
    code: 'VP017',
    span: value,
    path,
    message: `The value of ${what} must be an object, not ${NAMES[value.type]}.`,
    help,
  });
}

const NAMES: Readonly<Record<JsonNode['type'], string>> = {
  object: 'an object',
  array: 'an array',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};
