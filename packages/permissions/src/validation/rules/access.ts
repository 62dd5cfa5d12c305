import { ENDPOINT_NAMES, operationOfEndpoint, operationsOfCategory } from '../../catalogue/catalogue.js';
import type { Category } from '../../catalogue/categories.js';
import type { Operation, RiskKind } from '../../catalogue/operation.js';
import { nearest } from '../../catalogue/spelling.js';
import { isEffectiveLimit } from '../../document/effective-limit.js';
import { mayBePattern, mayMean } from '../../document/may-mean.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonNode, JsonObject, JsonProperty } from '../../json/parse.js';
import type { Span } from '../../json/positions.js';
import type { DiagnosticCode } from '../diagnostics.js';
import type { Findings } from '../findings.js';
import { conditionOf } from './constraints.js';
import { isUndocumentedKey } from './undocumented-keys.js';

/** Operations that can change or delete the account itself. */
const ACCOUNT: ReadonlySet<string> = new Set([
  'account.change_email',
  'account.delete',
  'account.reset_password',
  'account.update_current',
  'user.set',
  'user.update',
]);

interface AccessRule {
  readonly code: DiagnosticCode;
  readonly applies: (operation: Operation, constrained: boolean) => boolean;
  /** Follows "can" or "may" in a sentence that starts with the name of the category or endpoint. */
  readonly message: string;
  readonly help: string;
}

const has = (operation: Operation, kind: RiskKind): boolean =>
  operation.risks.some((risk) => risk.kind === kind);

const ACCESS_RULES: readonly AccessRule[] = [
  {
    code: 'VP201',
    applies: (operation) => has(operation, 'mints_keys'),
    message: 'create keys, subaccounts or roles with any permission, or replace keys',
    help: 'Remove it, or protect the key like one with full access.',
  },
  {
    code: 'VP202',
    applies: ({ operation }) => ACCOUNT.has(operation),
    message: 'change the email address of the account, or delete the account',
    help: 'Remove it unless the key is for managing the account.',
  },
  {
    code: 'VP203',
    applies: (operation) => has(operation, 'changes_access') && !ACCOUNT.has(operation.operation),
    message: 'change who has access',
    help: 'Remove it unless the key is for managing access.',
  },
  {
    code: 'VP204',
    applies: (operation) => has(operation, 'shows_secrets'),
    message: 'show stored secrets',
    help: 'Remove it, or protect the key like those secrets.',
  },
  {
    code: 'VP205',
    applies: (operation) => has(operation, 'spends_money'),
    message: 'spend money',
    help: 'Remove it unless the key is for renting or paying.',
  },
  {
    code: 'VP206',
    applies: (operation, constrained) => has(operation, 'destroys') && !constrained,
    message: 'destroy things without a constraint',
    help: 'Remove it, or limit a published endpoint to single IDs with "eq".',
  },
  {
    code: 'VP207',
    applies: ({ category, risks }) =>
      category.endsWith('_read') && risks.some(({ kind }) => !HARMLESS.has(kind)),
    message: 'also write',
    help: 'Its name suggests reading only. If the key may do this too, ignore this warning.',
  },
];

/** The risks that are expected in a read category. Secrets have their own rule. */
const HARMLESS: ReadonlySet<RiskKind> = new Set(['read', 'shows_secrets']);

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
  const listed = node.properties.filter(({ key }) => !isUndocumentedKey(key));
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

interface AccessFinding {
  readonly code: DiagnosticCode;
  readonly message: string;
  readonly help: string;
}

/**
 * Returns the security findings for a category or endpoint that grants some operations, the worst first.
 *
 * @param certainty `may` if the grant depends on something that is not documented
 */
export function accessFindings(
  name: string,
  operations: readonly Operation[],
  constrained: boolean,
  certainty: 'can' | 'may' = 'can',
): AccessFinding[] {
  return ACCESS_RULES.flatMap(({ code, applies, message, help }) => {
    const found = operations.filter((operation) => applies(operation, constrained));
    if (found.length === 0) return [];
    return [{ code, message: `"${name}" ${certainty} ${message}: ${list(found)}.`, help }];
  });
}

function list(operations: readonly Operation[]): string {
  const names = operations.map(({ operation }) => operation);
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
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
