import { ENDPOINT_NAMES, operationOfEndpoint } from '../../catalogue/catalogue.js';
import type { Category } from '../../catalogue/categories.js';
import type { Operation } from '../../catalogue/operation.js';
import { nearest } from '../../catalogue/spelling.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { checkConstraints } from './constraints.js';
import { reportPattern } from './patterns.js';
import { reportUndocumentedKey } from './undocumented-keys.js';
import { reportWrongType } from './wrong-type.js';

/**
 * Checks an endpoint in a category.
 *
 * @param category undefined if the category is unknown
 */
export function checkEndpoint(
  { key, keySpan, value }: JsonProperty,
  category: Category | undefined,
  parent: Path,
  findings: Findings,
): void {
  const path = pathTo(parent, key);
  const operation = operationOfEndpoint(key);
  const report = (code: 'VP015' | 'VP016' | 'VP101', message: string, help: string): void =>
    findings.add({ code, span: keySpan, path, message, help });
  if (operation === undefined && !reportPattern(key, 'endpoint', keySpan, path, findings)) {
    const [meant] = nearest(key, ENDPOINT_NAMES, 1);
    if (meant !== undefined) {
      report('VP015', `Unknown endpoint ${quote(key)}.`, `Did you mean "${meant}"?`);
    } else {
      report(
        'VP101',
        `The endpoint name ${quote(key)} is not published, so it cannot be verified.`,
        'Test the key before you rely on it.',
      );
    }
  } else if (operation !== undefined && category !== undefined && operation.category !== category) {
    report('VP016', `"${key}" does not belong to "${category}".`, `Put it inside "${operation.category}".`);
  }
  if (value === undefined) return;
  if (value.type !== 'object') reportWrongType(value, path, quote(key), findings);
  else for (const member of value.properties) checkMember(member, operation, path, findings);
}

function checkMember(
  member: JsonProperty,
  operation: Operation | undefined,
  parent: Path,
  findings: Findings,
): void {
  const { key, keySpan, value } = member;
  if (key === 'params') {
    reportUndocumentedKey(member, parent, findings);
  } else if (key !== 'constraints') {
    findings.add({
      code: 'VP018',
      span: keySpan,
      path: pathTo(parent, key),
      message: `${quote(key)} is not allowed in an endpoint.`,
      help: `To constrain a parameter, write "constraints": { ${quote(key)}: { "eq": … } }`,
    });
  } else if (value !== undefined) {
    checkConstraints(value, operation, pathTo(parent, key), findings);
  }
}
