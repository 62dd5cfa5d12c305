import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { profilesWith } from '@vastai-cli/core/internal/credentials/profiles-with-key';
import { adviceText } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';

/** The places on this machine in which a key is. */
export interface Places {
  readonly profiles: readonly string[];
  /** The flag or the variable that it came from, if it is the key in use and not a saved one. */
  readonly given: string | undefined;
}

/** Finds a key in the profiles of this machine. Asks no keychain but that of the profile in use. */
export async function placesOf(
  key: ApiKey,
  id: number | undefined,
  context: Context,
  used: AcquiredKey | undefined,
): Promise<Places> {
  const isInUse = used?.key.equals(key) === true;
  const isSaved = isInUse && used.source.boundOrigin !== undefined;
  const found = await unlessUnreadable(profilesWith(context, { id, key, isKey: (one) => one.equals(key) }));
  return {
    profiles: [...new Set([...(isSaved ? [context.profile.name] : []), ...found])],
    given: isInUse && !isSaved ? used.source.location : undefined,
  };
}

/** Settings that cannot be read are no reason to leave a key alive. */
async function unlessUnreadable(found: Promise<string[]>): Promise<string[]> {
  return found.catch((error: unknown) => {
    if (isVastaiError(error) && error.code === 'storage') return [];
    throw error;
  });
}

/** Says where the key is, before it is deleted. */
export function warningOf({ profiles, given }: Places): string | undefined {
  if (given !== undefined) return `It is the key in use (${given}).`;
  if (profiles.length === 0) return undefined;
  const names = profiles.map((name) => `"${name}"`).join(', ');
  return `It is the saved key of ${profiles.length === 1 ? 'profile' : 'profiles'} ${names}.`;
}

/** Says what to do about each place once the key no longer works. */
export function whatNext({ profiles, given }: Places, target: AdviceTarget): string[] {
  return [
    ...(given === undefined ? [] : [`${given} still has this key, which no longer works. Replace it there.`]),
    ...profiles.map((profile) => {
      const purpose = `Profile "${profile}" still has this key, which no longer works. Save another one`;
      return adviceText([{ do: 'save-key', profile, purpose }], target);
    }),
  ];
}
