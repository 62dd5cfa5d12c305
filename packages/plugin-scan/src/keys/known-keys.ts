import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { isVastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Paths } from '@vastai-cli/core/internal/config/paths';
import { readSettings } from '@vastai-cli/core/internal/config/settings';
import { boundOriginOf } from '@vastai-cli/core/internal/credentials/stored-sources';
import { isFingerprint, matchesFingerprint } from '@vastai-cli/core/internal/secrets/fingerprint';

/** The keys of all profiles of this machine, of which only keyed hashes are read. */
export interface KnownKeys {
  /** Returns true for a key that is saved in a profile. */
  has(word: string): boolean;
  /** Returns the origins of the APIs that a key was saved for; none for a key that is not known here. */
  originsOf(word: string): readonly string[];
}

/**
 * Reads what is noted in `config.json` about saved keys. Opens no keychain and runs no program.
 *
 * @param warn receives a message if the settings cannot be read; without them, keys are still found by what is around them
 */
export async function readKnownKeys(paths: Paths, warn: (text: string) => void): Promise<KnownKeys> {
  const noted = await notedKeys(paths, warn);
  if (noted.length === 0) return { has: () => false, originsOf: () => [] };
  const seen = new Map<string, readonly string[]>();
  const originsOf = (word: string): readonly string[] => {
    const before = seen.get(word);
    if (before !== undefined) return before;
    const key = ApiKey.parse(word);
    const origins =
      typeof key === 'string'
        ? []
        : noted.filter(({ hash }) => matchesFingerprint(hash, key)).map(({ origin }) => origin);
    // A list of checksums may have a million words that are not a key.
    if (seen.size < 10_000) seen.set(word, origins);
    return origins;
  };
  return { has: (word) => originsOf(word).length > 0, originsOf };
}

async function notedKeys(paths: Paths, warn: (text: string) => void) {
  try {
    const { profiles } = await readSettings(paths);
    return Object.values(profiles).flatMap((record) =>
      isFingerprint(record.key_hash) ? [{ hash: record.key_hash, origin: boundOriginOf(record).origin }] : [],
    );
  } catch (error) {
    if (!isVastaiError(error) || error.code !== 'storage') throw error;
    warn(`Saved keys are not recognized. ${error.message}`);
    return [];
  }
}
