import type { AccountCode } from '@vastai-cli/permissions/validation/account-rules';
import { DIAGNOSTIC_RULES, type Diagnostic } from '@vastai-cli/permissions/validation/diagnostics';

/** Makes a finding about a key, a role or a file as a whole. */
export function findingAbout(file: string, code: AccountCode, message: string, help: string): Diagnostic {
  const { severity } = DIAGNOSTIC_RULES[code];
  const start = { line: 1, column: 1, endLine: 1, endColumn: 1 };
  return { code, severity, file, ...start, path: '$', message, help };
}
