import { fingerprintOf, newSalt } from '@vastai-cli/leak-scan';
import type { Collected } from './collected.js';

/** Matches what may be a key in the path of a file. */
const WORD = /[0-9A-Za-z]{40,256}/gu;

/**
 * Replaces keys in the paths of files by their last four characters: a file can be named after the key in it. Other long
 * words stay, since many files are named after a checksum.
 */
export function hideKeysInPaths({ found, skipped, isKnown }: Collected): void {
  const salt = newSalt();
  const keys = new Set(found.map(({ key }) => key.fingerprint(salt)));
  const hidden = (path: string) =>
    path.replace(WORD, (word) =>
      isKnown(word) || keys.has(fingerprintOf(word, salt)) ? `…${word.slice(-4)}` : word,
    );
  found.forEach((one, index) => {
    found[index] = { ...one, path: hidden(one.path), lasting: hidden(one.lasting) };
  });
  skipped.forEach((one, index) => {
    skipped[index] = { ...one, path: hidden(one.path) };
  });
}
