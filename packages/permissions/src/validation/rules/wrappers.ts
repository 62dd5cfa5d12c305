import { pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject, JsonProperty } from '../../json/parse.js';
import type { Findings } from '../findings.js';
import { permissionsIn, wrapperOf, wrappersOf } from '../wrapper.js';

const FIX = { do: 'fix-document' } as const;
const FULL_ACCESS =
  'In API responses, it means full access. For a key with full access, use no file; otherwise, start with { "api": { … } }';

/** Reports a document that is not an object, and says what to do if a document is inside. */
export function reportNotAnObject(root: JsonNode, text: string, findings: Findings): void {
  const kind = wrappersOf(root, text)[0]?.kind;
  findings.add({
    code: 'VP008',
    span: root,
    path: undefined,
    message: 'A permission document must be a JSON object.',
    help: kind === undefined ? helpFor(root) : WRAPPED[kind],
    ...(kind === undefined ? {} : { advice: FIX }),
  });
}

const WRAPPED = {
  list: 'Remove the [ ] around the document.',
  string: 'Remove the quotes and backslashes around the document.',
  permissions: 'Remove "permissions" around the document.',
} as const;

function helpFor(root: JsonNode): string {
  if (root.type === 'null' || (root.type === 'boolean' && !root.value)) return FULL_ACCESS;
  if (root.type === 'array' && root.items.length > 1) return 'Put each document in its own file.';
  return 'Start with { "api": { … } }';
}

/** Reports a document inside "permissions". Returns the properties that it explains. */
export function reportWrapper(root: JsonObject, text: string, findings: Findings): readonly JsonProperty[] {
  const property = permissionsIn(root.properties);
  if (property === undefined) return [];
  const { value } = property;
  findings.add({
    code: 'VP027',
    span: property.keySpan,
    path: pathTo(undefined, property.key),
    message: 'The document is inside "permissions".',
    help: value === undefined || value.type === 'object' ? WRAPPED.permissions : helpFor(value),
    ...(wrappersOf(root, text).length > 0 ? { advice: FIX } : {}),
  });
  return wrapperOf(root, text) === undefined ? [property] : root.properties;
}
