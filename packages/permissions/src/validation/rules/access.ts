import { operationOfEndpoint, operationsOfCategory } from '../../catalogue/catalogue.js';
import type { Category } from '../../catalogue/categories.js';
import type { Operation, RiskKind } from '../../catalogue/operation.js';
import { type Path, pathTo } from '../../json/json-path.js';
import type { JsonObject, JsonProperty } from '../../json/parse.js';
import type { Span } from '../../json/positions.js';
import type { DiagnosticCode } from '../diagnostics.js';
import type { Findings } from '../findings.js';
import { isUndocumentedKey } from './undocumented-keys.js';

/** Operations that can change or delete the account itself. */
const ACCOUNT: ReadonlySet<string> = new Set(['account.delete', 'account.update_current', 'user.set']);

interface AccessRule {
  readonly code: DiagnosticCode;
  readonly applies: (operation: Operation, constrained: boolean) => boolean;
  /** The predicate of a sentence that starts with the name of the category or endpoint. */
  readonly message: string;
  readonly help: string;
}

const has = (operation: Operation, kind: RiskKind): boolean =>
  operation.risks.some((risk) => risk.kind === kind);

const ACCESS_RULES: readonly AccessRule[] = [
  {
    code: 'VP201',
    applies: (operation) => has(operation, 'mints_keys'),
    message: 'can create keys, subaccounts or roles with any permission, or replace keys',
    help: 'Remove it, or protect the key like one with full access.',
  },
  {
    code: 'VP202',
    applies: ({ operation }) => ACCOUNT.has(operation),
    message: 'can change the email address of the account, or delete the account',
    help: 'Remove it unless the key is for managing the account.',
  },
  {
    code: 'VP203',
    applies: (operation) => has(operation, 'changes_access') && !ACCOUNT.has(operation.operation),
    message: 'can change who has access',
    help: 'Remove it unless the key is for managing access.',
  },
  {
    code: 'VP204',
    applies: (operation) => has(operation, 'shows_secrets'),
    message: 'can show stored secrets',
    help: 'Remove it, or protect the key like those secrets.',
  },
  {
    code: 'VP205',
    applies: (operation) => has(operation, 'spends_money'),
    message: 'can spend money',
    help: 'Remove it unless the key is for renting or paying.',
  },
  {
    code: 'VP206',
    applies: (operation, constrained) => has(operation, 'destroys') && !constrained,
    message: 'can destroy things without a constraint',
    help: 'Remove it, or limit a published endpoint to single IDs with "eq".',
  },
  {
    code: 'VP207',
    applies: ({ category, risks }) =>
      category.endsWith('_read') && risks.some(({ kind }) => !HARMLESS.has(kind)),
    message: 'can also write',
    help: 'Its name suggests reading only. Remove it unless the key may do this too.',
  },
];

/** The risks that are expected in a read category. Secrets have their own rule. */
const HARMLESS: ReadonlySet<RiskKind> = new Set(['read', 'shows_secrets']);

/** Reports what a category, or the published endpoints listed in it, lets a key do. */
export function reportAccess(
  category: Category,
  keySpan: Span,
  node: JsonObject,
  path: Path,
  findings: Findings,
): void {
  const listed = node.properties.filter(({ key }) => !isUndocumentedKey(key));
  if (listed.length === 0) {
    report(category, operationsOfCategory(category), false, keySpan, path, findings);
    return;
  }
  for (const property of listed) {
    const operation = operationOfEndpoint(property.key);
    if (operation?.category !== category) continue;
    const constrained = isConstrained(property, operation);
    report(property.key, [operation], constrained, property.keySpan, pathTo(path, property.key), findings);
  }
}

function report(
  name: string,
  operations: readonly Operation[],
  constrained: boolean,
  span: Span,
  path: Path,
  findings: Findings,
): void {
  for (const finding of accessFindings(name, operations, constrained))
    findings.add({ ...finding, span, path });
}

/** Returns the security findings for a category or endpoint that grants some operations, the worst first. */
export function accessFindings(
  name: string,
  operations: readonly Operation[],
  constrained: boolean,
): { readonly code: DiagnosticCode; readonly message: string; readonly help: string }[] {
  return ACCESS_RULES.flatMap(({ code, applies, message, help }) => {
    const found = operations.filter((operation) => applies(operation, constrained));
    return found.length === 0 ? [] : [{ code, message: `"${name}" ${message}: ${list(found)}.`, help }];
  });
}

function list(operations: readonly Operation[]): string {
  const names = operations.map(({ operation }) => operation);
  return names.length <= 6
    ? names.join(', ')
    : `${names.slice(0, 5).join(', ')} and ${names.length - 5} more`;
}

/** Returns true if an endpoint has a condition on a parameter of its route. */
function isConstrained({ value }: JsonProperty, operation: Operation): boolean {
  if (value?.type !== 'object') return false;
  const constraints = value.properties.find(({ key }) => key === 'constraints')?.value;
  return (
    constraints?.type === 'object' &&
    constraints.properties.some(
      (one) =>
        operation.parameters.includes(one.key) &&
        one.value?.type === 'object' &&
        one.value.properties.length > 0,
    )
  );
}
