import { isCategory } from '../../catalogue/categories.js';
import { pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject, JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { checkCategories } from './categories.js';
import { reportLegacyFormat } from './legacy-formats.js';
import { isPassedThrough, reportUndocumentedKey } from './undocumented-keys.js';
import { reportNotAnObject, reportWrapper } from './wrappers.js';
import { reportWrongType } from './wrong-type.js';

/**
 * Checks the document and everything in it.
 *
 * @param text the text of the file, to which the positions refer
 */
export function checkTopLevel(root: JsonNode, text: string, findings: Findings): void {
  if (root.type !== 'object') {
    reportNotAnObject(root, text, findings);
    return;
  }
  const hasApi = root.properties.some(({ key }) => key === 'api');
  const wrapped = reportWrapper(root, text, findings);
  const legacy = hasApi || wrapped.length > 0 ? [] : reportLegacyFormat(root.properties, findings);
  const explained = new Set([...wrapped, ...legacy]);
  if (!hasApi && explained.size === 0) reportMissingApi(root, findings);
  const certain = !root.properties.some(({ key }) => isPassedThrough(key));
  for (const property of root.properties) {
    if (findings.isFull) return;
    if (property.key === 'api') checkApi(property, certain, findings);
    else if (isPassedThrough(property.key)) reportUndocumentedKey(property, undefined, findings);
    else if (property.key !== '$schema' && !explained.has(property)) reportUnknownKey(property, findings);
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

function checkApi({ value }: JsonProperty, certain: boolean, findings: Findings): void {
  if (value === undefined) return;
  const path = pathTo(undefined, 'api');
  if (value.type !== 'object') {
    reportWrongType(value, path, '"api"', findings);
    return;
  }
  if (value.properties.every(({ key }) => isPassedThrough(key))) {
    findings.add({
      code: 'VP208',
      span: value,
      path,
      message: 'Vast.ai does not document what an "api" without categories grants. It may be everything.',
      help: 'Add the categories that the key needs.',
    });
  }
  checkCategories(value, path, certain, findings);
}
