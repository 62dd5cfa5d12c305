import type { Diagnostic, Severity } from '../validation/diagnostics.js';

/** From the gravest to the least. */
export const SEVERITIES: readonly Severity[] = ['error', 'security', 'warning'];

/** Returns whether a severity is at least as grave as another one. */
export function reaches(severity: Severity, level: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
}

/** Leaves out the diagnostics with some codes; the codes may be in small letters. */
export function withoutCodes(diagnostics: readonly Diagnostic[], codes: readonly string[]): Diagnostic[] {
  const ignored = new Set(codes.map((code) => code.toUpperCase()));
  return diagnostics.filter(({ code }) => !ignored.has(code));
}

/** Says when a validation counts as failed. */
export interface FailureLimits {
  /** A finding of this severity or a graver one fails; `error` if absent. */
  readonly failLevel?: Severity;
  /** More diagnostics of the severity `warning` than this fail; without a limit if absent. */
  readonly maxWarnings?: number;
}

/** Returns whether diagnostics make a validation fail, so that the command exits with 10. */
export function hasFailed(
  diagnostics: readonly Diagnostic[],
  { failLevel = 'error', maxWarnings = Number.POSITIVE_INFINITY }: FailureLimits,
): boolean {
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning').length;
  return warnings > maxWarnings || diagnostics.some(({ severity }) => reaches(severity, failLevel));
}

/** Counts the diagnostics of each severity. */
export function countBySeverity(diagnostics: readonly Diagnostic[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, security: 0, warning: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}
