import type { Path } from '../../json/json-path.js';
import type { JsonNode } from '../../json/parse.js';
import type { Findings } from '../findings.js';

/** Reports a value that should be an object; `what` says whose value it is. */
export function reportWrongType(value: JsonNode, path: Path, what: string, findings: Findings): void {
  const help =
    value.type === 'boolean'
      ? value.value
        ? 'Write {} to grant all of it.'
        : 'Remove it to grant none of it.'
      : 'Write {} to grant everything in it.';
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
  array: 'a list',
  string: 'a string',
  number: 'a number',
  boolean: 'true or false',
  null: 'null',
};
