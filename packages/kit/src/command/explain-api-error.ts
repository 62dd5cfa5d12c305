import { type Advice, adviceOf, type Guidance } from '@vastai-cli/core/internal/base/advice';
import { isVastaiError, type VastaiError, withDetails } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';

/** Adds what only the command line knows to an API error: the other keys on this machine, or the missing permission. */
export async function explainApiError(
  error: Error,
  context: Context | undefined,
  found: AcquiredKey | undefined,
): Promise<Error> {
  if (!isVastaiError(error)) return error;
  if (error.code === 'key_rejected' && context !== undefined && found !== undefined) {
    return withGuidance(error, [
      ...(await interruptedReset(context, found)),
      ...(await otherKeys(context, found)),
    ]);
  }
  if (error.code === 'no_key' && context !== undefined)
    return withGuidance(error, await similarProfile(context));
  if (error.code === 'forbidden' && error.request !== undefined) {
    const [{ isOfAnother }, { missingPermission }] = await Promise.all([
      import('@vastai-cli/core/internal/http/errors/of-another'),
      import('./missing-permission.js'),
    ]);
    if (isOfAnother(error.message)) return error;
    return withGuidance(error, missingPermission(error.request));
  }
  return error;
}

/** Says why a saved key is refused, if a reset of it was interrupted. */
async function interruptedReset(context: Context, { source, key }: AcquiredKey): Promise<readonly Advice[]> {
  if (source.boundOrigin === undefined) return [];
  const { adviceAfterReset } = await import('@vastai-cli/core/internal/operations/reset/lost-key');
  return adviceAfterReset(context, key);
}

async function otherKeys(context: Context, found: AcquiredKey): Promise<readonly Advice[]> {
  const others: string[] = [];
  for (const { name, location, configured, searched, isFree, read } of context.sources) {
    if (!searched || name === found.source.name) continue;
    // Reading this source costs time or asks the person. The settings say if it has a key.
    if (!isFree) {
      if (configured) others.push(location);
      continue;
    }
    const lookup = await read();
    if (lookup.state === 'present' && !lookup.key.equals(found.key)) others.push(`${location} ${lookup.key}`);
  }
  if (others.length === 0) return [];
  return [{ do: 'show-sources', purpose: `Not tried: ${others.join(', ')}. See` }];
}

/** Suggests a profile with a similar name if nothing is saved for this one: its name may be misspelt. */
async function similarProfile({ profile, paths, record }: Context): Promise<string | undefined> {
  if (record !== undefined || profile.name === 'default') return undefined;
  const [{ readSettings }, { closest }] = await Promise.all([
    import('@vastai-cli/core/internal/config/settings'),
    import('../closest.js'),
  ]);
  const names = ['default', ...Object.keys((await readSettings(paths)).profiles)];
  const similar = closest(profile.name, names);
  return similar === undefined ? undefined : `Did you mean profile "${similar}"?`;
}

function withGuidance(error: VastaiError, more: Guidance | undefined): VastaiError {
  return withDetails(error, { advice: [...(error.advice ?? []), ...adviceOf(more)] });
}
