import { OPERATIONS, operationsOfCategory } from '../catalogue/catalogue.js';
import { CATEGORIES, CATEGORY_PURPOSES, type Category } from '../catalogue/categories.js';
import type { Operation, RiskKind } from '../catalogue/operation.js';

const KINDS: Readonly<Record<RiskKind, string>> = {
  read: 'reads',
  write: 'writes',
  spends_money: 'spends money',
  destroys: 'destroys',
  shows_secrets: 'shows secrets',
  changes_access: 'changes access',
};

/** Writes `docs/permissions-catalogue.md` from the catalogue. */
export function cataloguePage(): string {
  const sections = [...CATEGORIES, 'unknown' as const].map(section);
  return `# The catalogue of operations

<!-- Written by scripts/generate-docs.mjs; change packages/permissions/src/catalogue/catalogue-data.ts instead. -->

The ${OPERATIONS.length} operations of the Vast.ai API that a public source names, by permission category. This project
named the operations. Routes, categories and endpoint names come from Vast.ai's API documentation and the
source of its Python command line; "listed" says whether the documentation's page "Permissions" has the
operation. What each can do is this project's reading of the documentation.

${sections.join('\n')}`;
}

function section(category: Category | 'unknown'): string {
  const title = category === 'unknown' ? 'Unknown category' : `\`${category}\``;
  const purpose =
    category === 'unknown'
      ? 'No source says which category these are in, so decisions about them are unknown.'
      : `For ${CATEGORY_PURPOSES[category]}.`;
  const rows = operationsOfCategory(category).map(row);
  return `## ${title}

${purpose}

| operation | method and route | endpoint name | listed | commands | what it can do |
|---|---|---|---|---|---|
${rows.join('\n')}
`;
}

function row({ operation, method, route, endpoint, documented, commands, risks }: Operation): string {
  const cells = [
    `\`${operation}\``,
    `\`${method} ${route}\``,
    endpoint === undefined ? '' : `\`${endpoint}\``,
    documented ? 'yes' : 'no',
    commands.map((command) => `\`${command}\``).join(', '),
    risks.map(({ kind, reason }) => `**${KINDS[kind]}**: ${reason}`).join('; '),
  ];
  return `| ${cells.join(' | ')} |`;
}
