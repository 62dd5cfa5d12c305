import type { Diagnostic, Severity } from '../validation/diagnostics.js';

/** From the most to the least severe. */
export const SEVERITIES: readonly Severity[] = ['error', 'security', 'warning'];

/** Returns true if a severity is at least as severe as `level`. */
function reaches(severity: Severity, level: Severity): boolean {
  return SEVERITIES.indexOf(severity) <= SEVERITIES.indexOf(level);
}

/** Returns the diagnostics without those that have one of the codes, in upper or lower case. */
export function withoutCodes(diagnostics: readonly Diagnostic[], codes: readonly string[]): Diagnostic[] {
  const ignored = new Set(codes.map((code) => code.toUpperCase()));
  return diagnostics.filter(({ code }) => !ignored.has(code));
}

/**
 * Returns a test for findings that make the command fail: by severity, and for warnings also by their number.
 *
 * @param levelOf returns the lowest severity that fails for the file of a finding
 */
export function failureTest(
  diagnostics: readonly Diagnostic[],
  levelOf: (diagnostic: Diagnostic) => Severity,
  maxWarnings = Number.POSITIVE_INFINITY,
): (diagnostic: Diagnostic) => boolean {
  const tooMany = countBySeverity(diagnostics).warning > maxWarnings;
  return (diagnostic) =>
    reaches(diagnostic.severity, levelOf(diagnostic)) || (tooMany && diagnostic.severity === 'warning');
}

/** Counts the diagnostics of each severity. */
export function countBySeverity(diagnostics: readonly Diagnostic[]): Record<Severity, number> {
  const counts: Record<Severity, number> = { error: 0, security: 0, warning: 0 };
  for (const { severity } of diagnostics) counts[severity] += 1;
  return counts;
}
