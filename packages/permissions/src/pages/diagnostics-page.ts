import { DIAGNOSTIC_RULES, type DiagnosticRule, type Severity } from '../validation/diagnostics.js';

const INTRODUCTIONS: Readonly<Record<Severity, string>> = {
  error: 'The file is not a permission document, or does not mean what it seems to: it is not sent.',
  security: 'The file is valid. These show what a key made from it could do, for a person to weigh.',
  warning: 'The file is valid, but something in it may not do what it seems to.',
};

const TITLES: Readonly<Record<Severity, string>> = {
  error: 'Errors',
  security: 'Security findings',
  warning: 'Warnings',
};

/** `docs/permission-diagnostics.md`, from the registry of diagnostics. */
export function diagnosticsPage(): string {
  const sections = (['error', 'security', 'warning'] as const).map(section);
  return `# Diagnostics of permission files

<!-- Written by scripts/generate-docs.mjs; change packages/permissions/src/validation/diagnostics.ts instead. -->

What \`vastai permissions validate FILE\` can find, by code. A code keeps its meaning for good. \`--ignore CODE\`
leaves one out, \`--fail-level\` says which severity makes the command fail.

${sections.join('\n')}`;
}

function section(severity: Severity): string {
  const rules: (readonly [string, DiagnosticRule])[] = Object.entries(DIAGNOSTIC_RULES);
  const own = rules.filter(([, rule]) => rule.severity === severity);
  const parts = own.map(([code, { title, explanation }]) => `### ${code}: ${title}\n\n${explanation}\n`);
  return `## ${TITLES[severity]}\n\n${INTRODUCTIONS[severity]}\n\n${parts.join('\n')}`;
}
