import { type Advice, adviceOf, type Guidance } from '@vastai-cli/core/advice';
import type { KeyForRun } from '@vastai-cli/core/credentials/key-for-run';
import { isVastaiError, restate, type VastaiError } from '@vastai-cli/core/errors';
import type { Session } from '@vastai-cli/core/session';

/** Adds to a refusal what only the command line knows: the other keys there are, and the permission that was missing. */
export async function explainRefusal(
  error: Error,
  session: Session | undefined,
  found: KeyForRun | undefined,
): Promise<Error> {
  if (!isVastaiError(error)) return error;
  if (error.code === 'key_rejected' && session !== undefined && found !== undefined) {
    return withGuidance(error, await otherKeys(session, found));
  }
  if (error.code === 'no_key' && session !== undefined)
    return withGuidance(error, await similarProfile(session));
  if (error.code === 'forbidden' && error.request !== undefined) {
    const [{ isOfAnother }, { missingPermission }] = await Promise.all([
      import('@vastai-cli/core/api/of-another'),
      import('./missing-permission.js'),
    ]);
    if (isOfAnother(error.message)) return error;
    return withGuidance(error, missingPermission(error.request));
  }
  return error;
}

async function otherKeys(session: Session, found: KeyForRun): Promise<readonly Advice[]> {
  const others: string[] = [];
  for (const { name, location, recorded, consulted, read } of session.sources) {
    if (!consulted || name === found.source.name) continue;
    // These may ask the person something, or take long; the settings tell that they have a key.
    if (name === 'keychain' || name === 'command') {
      if (recorded) others.push(location);
      continue;
    }
    const reading = await read();
    if (reading.state === 'present' && !reading.key.equals(found.key))
      others.push(`${location} ${reading.key}`);
  }
  if (others.length === 0) return [];
  return [{ do: 'show-sources', purpose: `Not tried: ${others.join(', ')}. See` }];
}

/** A profile that has nothing saved may be a misspelling of one that has. */
async function similarProfile({ profile, paths, record }: Session): Promise<string | undefined> {
  if (record !== undefined || profile.name === 'default') return undefined;
  const [{ readSettings }, { closest }] = await Promise.all([
    import('@vastai-cli/core/config/settings'),
    import('./closest.js'),
  ]);
  const names = ['default', ...Object.keys((await readSettings(paths)).profiles)];
  const similar = closest(profile.name, names);
  return similar === undefined ? undefined : `Did you mean profile "${similar}"?`;
}

function withGuidance(error: VastaiError, more: Guidance | undefined): VastaiError {
  return restate(error, { advice: [...(error.advice ?? []), ...adviceOf(more)] });
}
