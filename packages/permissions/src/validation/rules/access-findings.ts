import type { Operation, RiskKind } from '../../catalogue/operation.js';
import type { DiagnosticCode } from '../diagnostics.js';

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

export interface AccessFinding {
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
