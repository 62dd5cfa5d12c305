import { type Requirement, requiredFor } from '@vastai-cli/permissions/authoring/required';

/**
 * What a refused request would have needed, the lines that grant it, and what else a key could do with them;
 * nothing for a route nobody documents.
 */
export function missingPermission({ method, path }: { method: string; path: string }): string | undefined {
  const required = requiredFor(method, path);
  if (required === undefined || required.category === 'unknown') return undefined;
  const { category, endpoint, lines } = required;
  const what =
    endpoint === undefined ? `the category "${category}"` : `"${endpoint}" of the category "${category}"`;
  return [
    `It needs ${what}. In the permission file of a new key, inside "api": { … }, add:`,
    ...lines.map((line) => `  ${line}`),
    ...warningOf(required),
  ].join('\n');
}

function warningOf({ widening }: Requirement): string[] {
  if (widening === undefined) return [];
  const everything = widening.code === 'VP201' ? ' Such a key could do everything.' : '';
  return [`Careful (${widening.code}): ${widening.message}${everything}`];
}
