import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { StorageError, UsageError, VastaiError } from '../base/errors.js';
import { maySend } from '../base/origin.js';
import { isProfileName } from '../base/profile-name.js';
import type { Problem } from '../secrets/lookup.js';
import type { Source } from './source.js';

/** A key, and the source that it came from. */
export interface FoundKey {
  readonly key: ApiKey;
  readonly source: Source;
  /** Problems of the source that do not prevent using the key. */
  readonly problems: readonly Problem[];
}

/**
 * Reads the sources once, in order, and returns the first key.
 *
 * @param target URL of the API that the key is for
 * @param profile name of the profile, for the message
 * @throws VastaiError `no_key` if no source has a key for this API.
 * @throws UsageError or StorageError if a source has a key that cannot be used. Such a source is never skipped.
 */
export async function findKey(
  sources: readonly Source[],
  target: URL,
  profile = 'default',
): Promise<FoundKey> {
  const originMismatch: Source[] = [];
  for (const source of sources) {
    if (!source.searched) continue;
    if (isOriginMismatch(source, target)) {
      if (await holdsKey(source)) originMismatch.push(source);
      continue;
    }
    const lookup = await source.read();
    if (lookup.state === 'present') return { key: lookup.key, source, problems: lookup.problems ?? [] };
    if (lookup.state === 'unreadable') throw unreadableError(source, lookup.problem);
  }
  throw noKeyError(originMismatch[0], target, profile);
}

/** Returns true if the key of a source belongs to another API, and so is not sent. */
export function isOriginMismatch(source: Source, target: URL): boolean {
  return source.boundOrigin !== undefined && !maySend(source.boundOrigin, target);
}

/** Returns the place and the last four characters of a key, for errors: `VAST_API_KEY …a1b2`. */
export function labelOf({ key, source }: { key: ApiKey; source: Pick<Source, 'location'> }): string {
  return `${source.location} ${key}`;
}

/** Returns true if a source has a key. Does not ask a keychain or a program, since the key would not be sent. */
async function holdsKey(source: Source): Promise<boolean> {
  if (!source.isFree) return source.configured;
  return (await source.read()).state !== 'absent';
}

function unreadableError(source: Source, problem: Problem): VastaiError {
  if (source.faultOf === 'usage') return new UsageError(problem.message, problem.fix);
  return new StorageError(problem.message, problem.fix);
}

/** Advises passing a key for another API, or saving one in its own profile, so that no key replaces another. */
export function keyForOtherApi({ origin, hostname }: URL): readonly Advice[] {
  const profile = hostname.replace(/^\W+|\W+$/gu, '').replaceAll(':', '-');
  return [
    { do: 'say', text: 'Pass a key for this API with --api-key or VAST_API_KEY.' },
    {
      do: 'save-key',
      profile: isProfileName(profile) ? profile : 'other',
      url: origin,
      purpose: 'Or save one in its own profile',
    },
  ];
}

function noKeyError(originMismatch: Source | undefined, target: URL, profile: string): VastaiError {
  if (originMismatch === undefined) {
    const ofProfile = profile === 'default' ? '' : ` for profile "${profile}"`;
    return new VastaiError('no_key', `No API key found${ofProfile}; nothing was sent.`, {
      advice: [{ do: 'save-key' }, { do: 'pass-key' }, { do: 'make-key' }],
    });
  }
  return new VastaiError(
    'no_key',
    `No API key for ${target.origin}: the saved key (${originMismatch.location}) belongs to ${originMismatch.boundOrigin?.origin}, and is not sent anywhere else.`,
    { advice: keyForOtherApi(target) },
  );
}
