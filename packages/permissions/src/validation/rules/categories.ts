import { ENDPOINT_NAMES, operationOfEndpoint } from '../../catalogue/catalogue.js';
import { CATEGORIES, isCategory } from '../../catalogue/categories.js';
import { categoriesLike } from '../../catalogue/similar-category.js';
import { nearest } from '../../catalogue/spelling.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonObject, JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { reportAccess } from './access.js';
import { checkEndpoint } from './endpoints.js';
import { isUndocumentedKey, reportUndocumentedKey } from './undocumented-keys.js';
import { reportWrongType } from './wrong-type.js';

/** Checks the content of "api". */
export function checkCategories(api: JsonObject, path: Path, findings: Findings): void {
  for (const property of api.properties) {
    if (findings.isFull) return;
    if (isUndocumentedKey(property.key)) reportUndocumentedKey(property, path, findings);
    else checkCategory(property, path, findings);
  }
}

function checkCategory(property: JsonProperty, parent: Path, findings: Findings): void {
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
  }
  if (value === undefined) return;
  if (value.type !== 'object') {
    reportWrongType(value, path, quote(key), findings);
    return;
  }
  for (const member of value.properties) {
    if (findings.isFull) return;
    if (isUndocumentedKey(member.key)) reportUndocumentedKey(member, path, findings);
    else checkEndpoint(member, isCategory(key) ? key : undefined, path, findings);
  }
  if (isCategory(key)) reportAccess(key, keySpan, value, path, findings);
}

function categoryHelp(key: string): string {
  const endpoint = operationOfEndpoint(key) ?? operationOfEndpoint(nearest(key, ENDPOINT_NAMES, 1)[0] ?? '');
  if (endpoint !== undefined)
    return `Put the endpoint ${quote(endpoint.endpoint ?? '')} inside "${endpoint.category}".`;
  const meant = categoriesLike(key);
  return meant.length > 0
    ? `Did you mean ${meant.map((name) => `"${name}"`).join(' or ')}?`
    : `The categories are ${CATEGORIES.join(', ')}.`;
}
