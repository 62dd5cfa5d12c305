import type { Diagnostic, Severity } from '../validation/diagnostics.js';

/** From the gravest to the least. */
export const SEVERITIES: readonly Severity[] = ['error', 'security', 'warning'];

/** Whether a severity is at least as grave as another one. */
export function reaches(severity: Severity, level: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
}

/** The diagnostics without those of some codes; the codes may be in small letters. */
export function withoutCodes(diagnostics: readonly Diagnostic[], codes: readonly string[]): Diagnostic[] {
  const ignored = new Set(codes.map((code) => code.toUpperCase()));
  return diagnostics.filter(({ code }) => !ignored.has(code));
}

/** When a validation counts as failed. */
export interface FailureLimits {
  /** A finding of this severity or a graver one fails; `error` if absent. */
  readonly failLevel?: Severity;
  /** More diagnostics of the severity `warning` than this fail; without a limit if absent. */
  readonly maxWarnings?: number;
}

/** Whether diagnostics make a validation fail, so that the command exits with 10. */
export function hasFailed(
  diagnostics: readonly Diagnostic[],
  { failLevel = 'error', maxWarnings = Number.POSITIVE_INFINITY }: FailureLimits,
): boolean {
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  return warnings > maxWarnings || diagnostics.some(({ severity }) => reaches(severity, failLevel));
}

/** How many diagnostics there are of each severity. */
export function countBySeverity(diagnostics: readonly Diagnostic[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, security: 0, warning: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}
