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
    return withHint(error, await otherKeys(session, found));
  }
  if (error.code === 'no_key' && session !== undefined) return withHint(error, await similarProfile(session));
  if (error.code === 'forbidden' && error.request !== undefined) {
    const { missingPermission } = await import('./missing-permission.js');
    return withHint(error, missingPermission(error.request));
  }
  return error;
}

async function otherKeys(session: Session, found: KeyForRun): Promise<string | undefined> {
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
  return others.length === 0 ? undefined : `Not tried: ${others.join(', ')}. See: vastai auth status`;
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

function withHint(error: VastaiError, more: string | undefined): VastaiError {
  if (more === undefined) return error;
  return restate(error, { hint: error.hint === undefined ? more : `${error.hint}\n${more}` });
}
