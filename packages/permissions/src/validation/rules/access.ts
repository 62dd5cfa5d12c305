import { ENDPOINT_NAMES, operationOfEndpoint, operationsOfCategory } from '../../catalogue/catalogue.js';
import type { Category } from '../../catalogue/categories.js';
import type { Operation } from '../../catalogue/operation.js';
import { nearest } from '../../catalogue/spelling.js';
import { isEffectiveLimit } from '../../document/effective-limit.js';
import { mayBePattern, mayMean } from '../../document/may-mean.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject, JsonProperty } from '../../json/parse.js';
import type { Span } from '../../json/positions.js';
import type { Findings } from '../findings.js';
import { type AccessFinding, accessFindings } from './access-findings.js';
import { conditionOf } from './constraints.js';
import { isPassedThrough } from './undocumented-keys.js';

/** Describes where a document grants something in a category. */
interface Grant {
  readonly keySpan: Span;
  /** The value of the category. */
  readonly node: JsonObject;
  readonly path: Path;
  /** False if `constraints` or `params` above it make the effect uncertain. */
  readonly certain: boolean;
}

/**
 * Reports what a category, or the endpoints listed in it, lets a key do. An endpoint whose name is not published may be
 * any operation of the category that has no published name, so it carries the findings of those.
 */
export function reportAccess(category: Category, grant: Grant, findings: Findings): void {
  const { node, path, keySpan } = grant;
  const listed = node.properties.filter(({ key }) => !isPassedThrough(key));
  const certainty = grant.certain && listed.length === node.properties.length ? 'can' : 'may';
  const report = (
    at: { readonly span: Span; readonly path: Path },
    found: readonly AccessFinding[],
  ): void => {
    for (const finding of found) findings.add({ ...finding, ...at });
  };
  if (listed.length === 0) {
    report(
      { span: keySpan, path },
      accessFindings(category, operationsOfCategory(category), false, certainty),
    );
    return;
  }
  for (const { key, keySpan: span, value } of listed) {
    const operation = operationOfEndpoint(key);
    if (operation?.category !== category) continue;
    const constrained = isLimited(value, operation.parameters);
    report({ span, path: pathTo(path, key) }, accessFindings(key, [operation], constrained, certainty));
  }
  const [first, ...others] = listed.filter(({ key }) => isUnverifiable(key));
  if (first === undefined) return;
  const name =
    others.length === 0 ? first.key : `${first.key}" and ${counted(others.length)} in "${category}`;
  const constrained = [first, ...others].every(({ value }) => isLimited(value, undefined));
  report(
    { span: first.keySpan, path: pathTo(path, first.key) },
    accessFindings(name, coveredBy([first, ...others], category), constrained, 'may').filter(
      ({ code }) => code !== 'VP207',
    ),
  );
}

function counted(others: number): string {
  return others === 1 ? 'another name' : `${others} other names`;
}

/** Returns true if a name may be that of an endpoint which is not published. A misspelled name is an error instead. */
function isUnverifiable(name: string): boolean {
  if (operationOfEndpoint(name) !== undefined) return false;
  return mayBePattern(name) || nearest(name, ENDPOINT_NAMES, 1).length === 0;
}

/** Returns the operations of a category that names which are not published could stand for. */
function coveredBy(names: readonly JsonProperty[], category: Category): readonly Operation[] {
  return operationsOfCategory(category).filter(
    ({ endpoint }) => endpoint === undefined || names.some(({ key }) => mayMean(key, endpoint)),
  );
}

/**
 * Returns true if an endpoint has a condition that limits one of its parameters.
 *
 * @param parameters those of its route, or undefined if they are unknown
 */
function isLimited(value: JsonNode | undefined, parameters: readonly string[] | undefined): boolean {
  if (value?.type !== 'object') return false;
  const constraints = value.properties.find(({ key }) => key === 'constraints')?.value;
  return (
    constraints?.type === 'object' &&
    constraints.properties.some(
      (one) =>
        (parameters?.includes(one.key) ?? !mayBePattern(one.key)) &&
        one.value?.type === 'object' &&
        one.value.properties.length > 0 &&
        isEffectiveLimit(conditionOf(one.value)),
    )
  );
}
