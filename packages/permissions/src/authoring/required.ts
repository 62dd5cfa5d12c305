import { findOperation, operationsOfCategory } from '../catalogue/catalogue.js';
import type { Category } from '../catalogue/categories.js';
import type { DiagnosticCode } from '../validation/diagnostics.js';
import { accessFindings } from '../validation/rules/access-findings.js';

/** Findings about permissions that let a key gain further access, the worst first. */
const WIDENING: readonly DiagnosticCode[] = ['VP201', 'VP202', 'VP203'];

/** Describes what a permission document must contain to allow a request. */
export interface Requirement {
  /** The operation of the catalogue, such as `instance.destroy`. */
  readonly operation: string;
  /** `unknown` if no source names one; `lines` is then empty. */
  readonly category: Category | 'unknown';
  /** Set if the endpoint name is published. */
  readonly endpoint?: string;
  /** The lines to add inside `"api": { … }`, without a trailing comma. */
  readonly lines: readonly string[];
  /** The worst finding about these lines, if they let a key create keys, manage the account or change who has access. */
  readonly widening?: { readonly code: DiagnosticCode; readonly message: string };
}

/**
 * Finds the narrowest grant that allows a request, to explain why it was denied: one endpoint if its name is published,
 * otherwise a whole category.
 *
 * @returns undefined if the route is not in the catalogue
 */
export function requiredFor(method: string, path: string): Requirement | undefined {
  const found = findOperation(method, path);
  if (found === undefined) return undefined;
  const { operation, category, endpoint } = found.operation;
  if (category === 'unknown') return { operation, category, lines: [] };
  const granted = endpoint === undefined ? operationsOfCategory(category) : [found.operation];
  const widening = accessFindings(endpoint ?? category, granted, false).find(({ code }) =>
    WIDENING.includes(code),
  );
  return {
    operation,
    category,
    ...(endpoint === undefined
      ? { lines: [`"${category}": {}`] }
      : { endpoint, lines: [`"${category}": {`, `  "${endpoint}": {}`, '}'] }),
    ...(widening === undefined ? {} : { widening: { code: widening.code, message: widening.message } }),
  };
}
