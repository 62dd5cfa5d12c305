import { findOperation, operationsOfCategory } from '../catalogue/catalogue.js';
import type { Category } from '../catalogue/categories.js';
import type { DiagnosticCode } from '../validation/diagnostics.js';
import { accessFindings } from '../validation/rules/access.js';

/** A permission with one of these findings can be used to get more; the first is the worst. */
const WIDENING: readonly DiagnosticCode[] = ['VP201', 'VP202', 'VP203'];

/** Says what a request needs of a permission document. */
export interface Requirement {
  /** The operation of the catalogue, such as `instance.destroy`. */
  readonly operation: string;
  /** `unknown` where no source gives one; then `lines` is empty. */
  readonly category: Category | 'unknown';
  /** Only where the endpoint name is published. */
  readonly endpoint?: string;
  /** The lines to add inside `"api": { … }` of a permission document, without a comma at the end. */
  readonly lines: readonly string[];
  /** The worst about these lines, where they let a key make keys, reach the account or change who has access. */
  readonly widening?: { readonly code: DiagnosticCode; readonly message: string };
}

/**
 * Finds what a request needs, to explain a refusal: the narrowest grant that can be written, which is one
 * endpoint where its name is published and a whole category elsewhere.
 *
 * @returns undefined for a route that the catalogue does not have
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
