import { type Requirement, requiredFor } from '@vastai-cli/permissions/authoring/required';

/**
 * Explains which permission a rejected request needs: its category or endpoint, the lines that grant it, and a warning
 * if those grant more than they seem to. Returns `undefined` for an undocumented route.
 */
export function missingPermission({ method, path }: { method: string; path: string }): string | undefined {
  const required = requiredFor(method, path);
  if (required === undefined || required.category === 'unknown') return undefined;
  const { category, endpoint, lines } = required;
  const needed =
    endpoint === undefined ? `the category "${category}"` : `"${endpoint}" in the category "${category}"`;
  return [
    `It needs ${needed}. Add this to the permission file of a new key, inside "api": { … }:`,
    ...lines.map((line) => `  ${line}`),
    ...warningOf(required),
  ].join('\n');
}

function warningOf({ widening }: Requirement): string[] {
  if (widening === undefined) return [];
  const everything = widening.code === 'VP201' ? ' Such a key can do everything.' : '';
  return [`Careful (${widening.code}): ${widening.message}${everything}`];
}
