import { isObject } from '@vastai-cli/core/internal/base/json-object';

/** Returns the categories that a key or a role may use, in words. Its fields are those that the API lists. */
export function permissionsInBrief({
  permissions,
  full_access: fullAccess,
}: {
  readonly permissions: Readonly<Record<string, unknown>> | null;
  readonly full_access: boolean | null;
}): string {
  if (permissions === null) return fullAccess ? 'full access' : 'unknown';
  const { api = {} } = permissions;
  // A document in another form may grant anything.
  if (!isObject(api)) return 'unknown';
  const categories = Object.keys(api);
  return categories.length === 0 ? 'none' : categories.join(', ');
}
