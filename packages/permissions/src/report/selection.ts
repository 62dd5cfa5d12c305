import type { Diagnostic, Severity } from '../validation/diagnostics.js';

/** From the most to the least severe. */
export const SEVERITIES: readonly Severity[] = ['error', 'security', 'warning'];

/** Returns true if a severity is at least as severe as `level`. */
export function reaches(severity: Severity, level: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
}

/** Returns the diagnostics without those that have one of the codes, in upper or lower case. */
export function withoutCodes(diagnostics: readonly Diagnostic[], codes: readonly string[]): Diagnostic[] {
  const ignored = new Set(codes.map((code) => code.toUpperCase()));
  return diagnostics.filter(({ code }) => !ignored.has(code));
}

/** Describes when a validation fails. */
export interface FailureLimits {
  /** The lowest severity that fails (default: `error`). */
  readonly failLevel?: Severity;
  /** The highest number of warnings that does not fail (default: no limit). */
  readonly maxWarnings?: number;
}

/** Returns true if the diagnostics make the validation fail, with exit status 10. */
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
