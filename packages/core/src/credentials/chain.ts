import type { Advice } from '../advice.js';
import { maySend } from '../config/origin.js';
import { isProfileName } from '../config/profile-name.js';
import { StorageError, UsageError, VastaiError } from '../errors.js';
import type { ApiKey } from './api-key.js';
import type { Problem } from './reading.js';
import type { Source } from './source.js';

/** The key that a run sends, and where it came from. */
export interface FoundKey {
  readonly key: ApiKey;
  readonly source: Source;
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
  const withheld: Source[] = [];
  for (const source of sources) {
    if (!source.consulted) continue;
    if (isWithheld(source, target)) {
      if (await holdsKey(source)) withheld.push(source);
      continue;
    }
    const reading = await source.read();
    if (reading.state === 'present') return { key: reading.key, source, problems: reading.problems ?? [] };
    if (reading.state === 'unreadable') throw unreadableError(source, reading.problem);
  }
  throw noKeyError(withheld[0], target, profile);
}

/** Whether a saved key stays where it is because it belongs to another API. */
export function isWithheld(source: Source, target: URL): boolean {
  return source.savedFor !== undefined && !maySend(source.savedFor, target);
}

/** The source and the last four characters of its key, as errors show them. */
export function labelOf({ key, source }: { key: ApiKey; source: Pick<Source, 'location'> }): string {
  return `${source.location} ${key}`;
}

/** Looks only where a look costs nothing; an unrecorded keychain is not asked for a key that would not be sent. */
async function holdsKey(source: Source): Promise<boolean> {
  if (source.name === 'keychain' || source.name === 'command') return source.recorded;
  return (await source.read()).state !== 'absent';
}

function unreadableError(source: Source, problem: Problem): VastaiError {
  if (source.blame === 'usage') return new UsageError(problem.message, problem.fix);
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

function noKeyError(withheld: Source | undefined, target: URL, profile: string): VastaiError {
  if (withheld === undefined) {
    const ofProfile = profile === 'default' ? '' : ` for profile "${profile}"`;
    return new VastaiError('no_key', `No API key found${ofProfile}; nothing was sent.`, {
      advice: [{ do: 'save-key' }, { do: 'pass-key' }, { do: 'make-key' }],
    });
  }
  return new VastaiError(
    'no_key',
    `No API key for ${target.origin}: the saved one (${withheld.location}) belongs to ${withheld.savedFor?.origin} and is not sent elsewhere.`,
    { advice: keyForOtherApi(target) },
  );
}
