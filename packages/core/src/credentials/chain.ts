import type { Advice } from '../base/advice.js';
import type { ApiKey } from '../base/api-key.js';
import { StorageError, UsageError, VastaiError } from '../base/errors.js';
import { maySend } from '../base/origin.js';
import { isProfileName } from '../base/profile-name.js';
import type { Problem } from '../secrets/lookup.js';
import type { Source } from './source.js';

/** Holds a key, and the place that it came from. */
export interface FoundKey {
  readonly key: ApiKey;
  readonly source: Source;
  /** Problems of that place that do not keep the key from being used. */
  readonly problems: readonly Problem[];
}

/**
 * Asks the sources in order, once; the first that has a key wins.
 *
 * @throws VastaiError `no_key` when none has one, or when the only ones belong to another API than `target`.
 * @throws UsageError or StorageError when a source has a key that cannot be used: it is never skipped.
 */
export async function findKey(
  sources: readonly Source[],
  target: URL,
  profile = 'default',
): Promise<FoundKey> {
  const originMismatch: Source[] = [];
  for (const source of sources) {
    if (!source.searched) continue;
    if (isWithheld(source, target)) {
      if (await holdsKey(source)) originMismatch.push(source);
      continue;
    }
    const lookup = await source.read();
    if (lookup.state === 'present') return { key: lookup.key, source, problems: lookup.problems ?? [] };
    if (lookup.state === 'unreadable') throw unreadableError(source, lookup.problem);
  }
  throw noKeyError(originMismatch[0], target, profile);
}

/** Whether a saved key stays where it is because it belongs to another API. */
export function isWithheld(source: Source, target: URL): boolean {
  return source.boundOrigin !== undefined && !maySend(source.boundOrigin, target);
}

/** Names a key by its place and last four characters, as errors show it: `VAST_API_KEY …a1b2`. */
export function labelOf({ key, source }: { key: ApiKey; source: Pick<Source, 'location'> }): string {
  return `${source.location} ${key}`;
}

/** Looks only where a look costs nothing; an unrecorded keychain is not asked for a key that would not be sent. */
async function holdsKey(source: Source): Promise<boolean> {
  if (!source.isFree) return source.configured;
  return (await source.read()).state !== 'absent';
}

function unreadableError(source: Source, problem: Problem): VastaiError {
  if (source.faultOf === 'usage') return new UsageError(problem.message, problem.fix);
  return new StorageError(problem.message, problem.fix);
}

/** Advises to give a key for another API: now, or saved in a profile of its own, so that no key takes another's place. */
export function keyForOtherApi({ origin, hostname }: URL): readonly Advice[] {
  const profile = hostname.replace(/^\W+|\W+$/gu, '').replaceAll(':', '-');
  return [
    { do: 'say', text: 'Pass a key for this API with --api-key or VAST_API_KEY.' },
    {
      do: 'save-key',
      profile: isProfileName(profile) ? profile : 'other',
      url: origin,
      purpose: 'Or save one in a profile of its own',
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
    `No API key for ${target.origin}: the saved one (${originMismatch.location}) belongs to ${originMismatch.boundOrigin?.origin} and is not sent elsewhere.`,
    { advice: keyForOtherApi(target) },
  );
}
