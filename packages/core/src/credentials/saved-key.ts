import type { ApiKey } from '../base/api-key.js';
import { StorageError } from '../base/errors.js';
import type { Context } from './context.js';
import type { Source } from './source.js';

/**
 * Returns the profile's saved key and its source; not a key from a flag or a variable, nor one in the legacy file.
 *
 * @throws StorageError if the key exists but cannot be read.
 */
export async function savedKey(context: Context): Promise<{ key: ApiKey; source: Source } | undefined> {
  for (const source of context.sources) {
    if (!source.searched || source.boundOrigin === undefined || source.place === 'legacy') continue;
    const lookup = await source.read();
    if (lookup.state === 'present') return { key: lookup.key, source };
    if (lookup.state === 'unreadable') throw new StorageError(lookup.problem.message, lookup.problem.fix);
  }
  return undefined;
}
