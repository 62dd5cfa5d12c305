import type { ApiKey } from '../credentials/api-key.js';
import type { Source } from '../credentials/source.js';
import { StorageError } from '../errors.js';
import type { Session } from '../session.js';

/**
 * The key that the profile has in a store of its own, and which: neither given just now nor in the legacy file.
 *
 * @throws StorageError when it is there but cannot be read.
 */
export async function savedKey(session: Session): Promise<{ key: ApiKey; source: Source } | undefined> {
  for (const source of session.sources) {
    if (!source.consulted || source.savedFor === undefined || source.name === 'legacy') continue;
    const reading = await source.read();
    if (reading.state === 'present') return { key: reading.key, source };
    if (reading.state === 'unreadable') throw new StorageError(reading.problem.message, reading.problem.fix);
  }
  return undefined;
}
