import { requiredFor } from '@vastai-cli/permissions/required';

/** What a refused request would have needed, and the lines that grant it; nothing for a route nobody documents. */
export function missingPermission({ method, path }: { method: string; path: string }): string | undefined {
  const required = requiredFor(method, path);
  if (required === undefined || required.category === 'unknown') return undefined;
  const { category, endpoint, lines } = required;
  const what =
    endpoint === undefined ? `the category "${category}"` : `"${endpoint}" of the category "${category}"`;
  return [
    `It needs ${what}. In the permission file of a new key, inside "api": { … }, add:`,
    ...lines.map((line) => `  ${line}`),
  ].join('\n');
}
