import type { ApiKeyRecord } from '@vastai-cli/core/internal/api/api-keys';
import { compareGranted } from '@vastai-cli/kit/input/compare-granted';

/**
 * Compares a new key with the one that it replaces, as the API lists both.
 *
 * @returns a sentence if the new key may do more, less, or something that cannot be compared
 */
export function compareKeys(old: ApiKeyRecord, made: ApiKeyRecord): string | undefined {
  if (old.team_id !== made.team_id) return 'The API gave the new key to a different team.';
  if (old.permissions === null) {
    return made.full_access === true ? undefined : 'The API did not give the new key full access.';
  }
  const granted = compareGranted(old.permissions, made.permissions);
  switch (granted.comparison) {
    case 'wider':
      return `The API gave the new key more than the old one has (${granted.newAccess.slice(0, 5).join(', ')}).`;
    case 'narrower':
      return 'The API gave the new key less than the old one has.';
    default:
      return undefined;
  }
}
