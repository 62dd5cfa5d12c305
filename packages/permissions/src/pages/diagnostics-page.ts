import { DIAGNOSTIC_RULES, type DiagnosticRule, type Severity } from '../validation/diagnostics.js';

const INTRODUCTIONS: Readonly<Record<Severity, string>> = {
  error: 'The file is not a permission document, or does not mean what it seems to. It is not sent.',
  security:
    'The file is valid. These findings show what a key made from it could do, so that you can decide.',
  warning: 'The file is valid, but something in it may not do what it seems to.',
};

const TITLES: Readonly<Record<Severity, string>> = {
  error: 'Errors',
  security: 'Security findings',
  warning: 'Warnings',
};

/** Writes `docs/permission-diagnostics.md` from the registry of diagnostics. */
export function diagnosticsPage(): string {
  const sections = (['error', 'security', 'warning'] as const).map(section);
  return `# Diagnostics of permission files

<!-- Written by scripts/generate-docs.mjs; change packages/permissions/src/validation/diagnostics.ts instead. -->

The findings of \`vastai permissions validate FILE\`, by code. A code never changes its meaning. \`--ignore CODE\` leaves
one out; \`--fail-level\` sets the severity that makes the command fail.

${sections.join('\n')}`;
}

function section(severity: Severity): string {
  const rules: (readonly [string, DiagnosticRule])[] = Object.entries(DIAGNOSTIC_RULES);
  const own = rules.filter(([, rule]) => rule.severity === severity);
  const parts = own.map(([code, { title, explanation }]) => `### ${code}: ${title}\n\n${explanation}\n`);
  return `## ${TITLES[severity]}\n\n${INTRODUCTIONS[severity]}\n\n${parts.join('\n')}`;
}
