import { isCategory } from '../../catalogue/categories.js';
import { pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject, JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { checkCategories } from './categories.js';
import { reportLegacyFormat } from './legacy-formats.js';
import { isUndocumentedKey, reportUndocumentedKey } from './undocumented-keys.js';
import { reportWrongType } from './wrong-type.js';

/** Checks the document and everything in it. */
export function checkTopLevel(root: JsonNode, findings: Findings): void {
  if (root.type !== 'object') {
    findings.add({
      code: 'VP008',
      span: root,
      path: undefined,
      message: 'A permission document must be a JSON object.',
      help: 'Start with { "api": { } }',
    });
    return;
  }
  const hasApi = root.properties.some(({ key }) => key === 'api');
  const legacy = hasApi ? [] : reportLegacyFormat(root.properties, findings);
  if (!hasApi && legacy.length === 0) reportMissingApi(root, findings);
  for (const property of root.properties) {
    if (findings.isFull) return;
    if (property.key === 'api') checkApi(property, findings);
    else if (isUndocumentedKey(property.key)) reportUndocumentedKey(property, undefined, findings);
    else if (property.key !== '$schema' && !legacy.includes(property)) reportUnknownKey(property, findings);
  }
}

function reportMissingApi(root: JsonObject, findings: Findings): void {
  const categories = root.properties.filter(({ key }) => isCategory(key));
  findings.add({
    code: 'VP010',
    span: root,
    path: undefined,
    message: 'The document has no "api".',
    help:
      categories.length > 0
        ? `Put the categories inside "api": { "api": { "${categories[0]?.key}": … } }`
        : 'Put the categories inside "api": { "api": { "instance_read": {} } }',
  });
}

function reportUnknownKey({ key, keySpan }: JsonProperty, findings: Findings): void {
  findings.add({
    code: 'VP011',
    span: keySpan,
    path: pathTo(undefined, key),
    message: `Unknown top-level key ${quote(key)}.`,
    help: isCategory(key) ? `Put ${quote(key)} inside "api".` : `Remove ${quote(key)}.`,
  });
}

function checkApi({ value }: JsonProperty, findings: Findings): void {
  if (value === undefined) return;
  const path = pathTo(undefined, 'api');
  if (value.type !== 'object') {
    reportWrongType(value, path, '"api"', findings);
    return;
  }
  if (value.properties.length === 0) {
    findings.add({
      code: 'VP105',
      span: value,
      path,
      message: 'The document grants nothing.',
      help: 'Add the categories that the key needs. Vast.ai does not document what an empty "api" means.',
    });
  }
  checkCategories(value, path, findings);
}
