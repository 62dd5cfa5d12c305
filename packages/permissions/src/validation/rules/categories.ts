import { ENDPOINT_NAMES, operationOfEndpoint } from '../../catalogue/catalogue.js';
import { CATEGORIES, isCategory } from '../../catalogue/categories.js';
import { categoriesLike } from '../../catalogue/similar-category.js';
import { nearest } from '../../catalogue/spelling.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonObject, JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { sideEffects } from '../side-effects.js';
import { readSubject } from '../subjects.js';
import { reportAccess } from './access.js';
import { checkEndpoint } from './endpoints.js';
import { reportPattern } from './patterns.js';
import { isPassedThrough, reportUndocumentedKey } from './undocumented-keys.js';
import { reportWrongType } from './wrong-type.js';

/**
 * Checks the content of "api".
 *
 * @param certain false if something above "api" makes the effect of every grant uncertain
 */
export function checkCategories(api: JsonObject, path: Path, certain: boolean, findings: Findings): void {
  const known = certain && !api.properties.some(({ key }) => isPassedThrough(key));
  for (const property of api.properties) {
    if (findings.isFull) return;
    if (isPassedThrough(property.key)) reportUndocumentedKey(property, path, findings);
    else checkCategory(property, path, known, findings);
  }
}

function checkCategory(property: JsonProperty, parent: Path, certain: boolean, findings: Findings): void {
  const { key, keySpan, value } = property;
  const path = pathTo(parent, key);
  if (!isCategory(key)) {
    findings.add({
      code: 'VP014',
      span: keySpan,
      path,
      message: `Unknown category ${quote(key)}.`,
      help: categoryHelp(key),
    });
    reportPattern(key, 'category', keySpan, path, findings);
  }
  if (value === undefined) return;
  if (value.type !== 'object') {
    reportWrongType(value, path, quote(key), findings);
    return;
  }
  for (const member of value.properties) {
    if (findings.isFull) return;
    if (isPassedThrough(member.key)) reportUndocumentedKey(member, path, findings);
    else checkEndpoint(member, isCategory(key) ? key : undefined, path, findings);
  }
  if (isCategory(key)) reportAccess(key, { keySpan, node: value, path, certain }, findings);
}

function categoryHelp(key: string): string {
  const endpoint = operationOfEndpoint(key) ?? operationOfEndpoint(nearest(key, ENDPOINT_NAMES, 1)[0] ?? '');
  if (endpoint !== undefined)
    return `Put the endpoint ${quote(endpoint.endpoint ?? '')} inside "${endpoint.category}".`;
  const named = readSubject(key);
  if (named !== undefined && !named.isCategory) return homeOf(named);
  const meant = categoriesLike(key);
  return meant.length > 0
    ? `Did you mean ${meant.map((name) => `"${name}"`).join(' or ')}?`
    : `The categories are ${CATEGORIES.join(', ')}.`;
}

/** Says where the operations on something really are. */
function homeOf({
  subject: { label, read, write },
  level,
}: NonNullable<ReturnType<typeof readSubject>>): string {
  const wanted = read === write || level === 'read' ? [read] : level === 'write' ? [write] : [read, write];
  const [one, other] = wanted.map((category) => `"${category}"`);
  const effects = sideEffects(wanted);
  return `${label} are in ${other === undefined ? one : `${one} and ${other}`}.${effects === '' ? '' : ` ${effects}`}`;
}
