import type { Operation } from '../../catalogue/operation.js';
import { nearest } from '../../catalogue/spelling.js';
import { asNumber, type Condition } from '../../document/condition.js';
import { openRange } from '../../document/effective-limit.js';
import { looksLikeSeveral } from '../../document/judge.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject, JsonProperty } from '../../json/parse.js';
import { quote } from '../../json/quote.js';
import type { Findings } from '../findings.js';
import { reportPattern } from './patterns.js';
import { reportUndocumentedKey } from './undocumented-keys.js';
import { reportWrongType } from './wrong-type.js';

const OPERATORS = ['eq', 'gte', 'lte'] as const;

/**
 * Checks the constraints of an endpoint.
 *
 * @param operation undefined if the endpoint name is not published
 */
export function checkConstraints(
  node: JsonNode,
  operation: Operation | undefined,
  path: Path,
  findings: Findings,
): void {
  if (node.type !== 'object') {
    reportWrongType(node, path, '"constraints"', findings);
    return;
  }
  if (node.properties.length === 0) reportEmpty(node, path, findings);
  for (const property of node.properties) {
    if (property.key === 'params') reportUndocumentedKey(property, path, findings);
    else checkParameter(property, operation, path, findings);
  }
}

function checkParameter(
  { key, keySpan, value }: JsonProperty,
  operation: Operation | undefined,
  parent: Path,
  findings: Findings,
): void {
  const path = pathTo(parent, key);
  if (
    !reportPattern(key, 'parameter', keySpan, path, findings) &&
    operation !== undefined &&
    !operation.parameters.includes(key)
  ) {
    const has = operation.parameters.map((name) => `"${name}"`).join(', ');
    findings.add({
      code: 'VP102',
      span: keySpan,
      path,
      message: `The route of ${operation.endpoint} has no parameter ${quote(key)}.`,
      help: has === '' ? 'It has no parameters.' : `It has ${has}.`,
    });
  }
  if (value === undefined) return;
  if (value.type !== 'object') {
    findings.add({
      code: 'VP017',
      span: value,
      path,
      message: `The constraint on ${quote(key)} must be an object with "eq", "gte" or "lte".`,
      help: 'To allow one value, write { "eq": … }',
    });
    return;
  }
  if (value.properties.length === 0) reportEmpty(value, path, findings);
  for (const operator of value.properties) checkOperator(operator, path, findings);
  checkRange(value, key, path, findings);
  if (isId(key)) checkId(value, key, path, findings);
}

function reportEmpty(node: JsonObject, path: Path, findings: Findings): void {
  findings.add({
    code: 'VP106',
    span: node,
    path,
    message: 'This constraint restricts nothing.',
    help: 'Add a condition, for example: "id": { "eq": 5 }',
  });
}

function checkOperator({ key, keySpan, value }: JsonProperty, parent: Path, findings: Findings): void {
  const path = pathTo(parent, key);
  if (key !== 'eq' && key !== 'gte' && key !== 'lte') {
    const [meant] = nearest(key.toLowerCase(), OPERATORS, 1);
    findings.add({
      code: 'VP019',
      span: keySpan,
      path,
      message: `Unknown operator ${quote(key)}.`,
      help: meant === undefined ? 'The operators are "eq", "gte" and "lte".' : `Did you mean "${meant}"?`,
    });
    return;
  }
  if (value === undefined || value.type === 'number') return;
  if (key === 'eq' && value.type === 'string') reportPattern(value.value, 'value', value, path, findings);
  if (key === 'eq' && (value.type === 'string' || value.type === 'boolean')) return;
  findings.add({
    code: 'VP020',
    span: value,
    path,
    message: key === 'eq' ? '"eq" takes a string, a number or a boolean.' : `"${key}" takes a number.`,
    help:
      value.type === 'string' && asNumber(value.value) !== undefined
        ? `Write ${value.value} without quotes.`
        : 'Write a single value.',
  });
}

/** Returns true if a parameter is an ID by its name. Those that the API documents are whole numbers. */
function isId(parameter: string): boolean {
  return parameter === 'id' || parameter.endsWith('_id');
}

/** Reports conditions that look like a limit, but are not one, or may not be one. */
function checkId(node: JsonObject, name: string, path: Path, findings: Findings): void {
  const { eqNode, ...condition } = conditionOf(node);
  if (eqNode !== undefined && condition.eq !== undefined) {
    const { eq } = condition;
    const eqPath = pathTo(path, 'eq');
    if (typeof eq === 'string' && looksLikeSeveral(eq)) return;
    if (typeof eq === 'number' && Number.isInteger(eq)) return;
    findings.add({
      code: 'VP109',
      span: eqNode,
      path: eqPath,
      message: `${quote(name)} is a whole number. Whether ${typeof eq === 'string' ? quote(eq) : eq} matches one is not documented.`,
      help: 'Write a whole number without quotes.',
    });
    return;
  }
  const open = openRange(condition);
  if (open === undefined || (condition.gte === undefined && condition.lte === undefined)) return;
  findings.add({
    code: 'VP108',
    span: node,
    path,
    message:
      open === 'every'
        ? `This range allows every ${quote(name)}.`
        : `This range has no upper bound, so it allows every new ${quote(name)}.`,
    help: 'Limit it to one ID with "eq", or add "lte".',
  });
}

/** Reports conditions that contradict each other. Ignores those of the wrong type. */
function checkRange(node: JsonObject, name: string, path: Path, findings: Findings): void {
  const { eq, eqNode, gte, lte } = conditionOf(node);
  const low = gte ?? Number.NEGATIVE_INFINITY;
  const high = lte ?? Number.POSITIVE_INFINITY;
  if (low > high) {
    findings.add({
      code: 'VP021',
      span: node,
      path,
      message: `No ${quote(name)} can be both at least ${low} and at most ${high}.`,
      help: 'Swap them, or write one value with "eq".',
    });
    return;
  }
  if (eq === undefined || eqNode === undefined || (gte === undefined && lte === undefined)) return;
  const number = asNumber(eq);
  if (number !== undefined && number >= low && number <= high) return;
  findings.add({
    code: 'VP022',
    span: eqNode,
    path: pathTo(path, 'eq'),
    message: `${quote(String(eq))} is outside the range of this constraint.`,
    help: 'Keep either "eq" or the range.',
  });
}

/** Reads the last value of each operator that has the right type. */
export function conditionOf(node: JsonObject): Condition & { eqNode?: JsonNode } {
  const found: { eq?: string | number | boolean; eqNode?: JsonNode; gte?: number; lte?: number } = {};
  for (const { key, value } of node.properties) {
    if (key === 'eq' && (value?.type === 'string' || value?.type === 'number' || value?.type === 'boolean')) {
      found.eq = value.value;
      found.eqNode = value;
    } else if ((key === 'gte' || key === 'lte') && value?.type === 'number') {
      found[key] = value.value;
    }
  }
  return found;
}
