import { UNSEEN } from './unseen.js';

// These are functions because an expression with Unicode properties takes long to compile, and most runs need none.

/** Matches characters that cannot be seen, which a key copied from a web page can have inside. */
const invisible = () => new RegExp(`[${UNSEEN}]`, 'gu');

/** Length of the shortest word that counts as a key: longer than the hash of a commit. Vast.ai's keys have 64 digits. */
const LEAST_LENGTH = 41;
/** Matches a word that holds a key, but not a part of a path, or the digest of an image. */
const keyInWord = () => /(?<![/\\0-9a-f]|\bsha(?:256|384|512):)[0-9a-f]{41,}/iu;

/**
 * Matches what may be a key in a message. It is broader than `keyInWord`, because masking costs less than refusing. The first
 * group is what stays readable: the integrity hash of a package, and a folder named after a checksum.
 */
const keyInText = () =>
  new RegExp(
    [
      /(\bsha(?:1|256|384|512)-[a-zA-Z\d+/]+=*|(?<!:\/\/\S*)(?<=[/\\])[0-9a-fA-F]{32,}(?=[/\\]))/u.source,
      `[0-9a-fA-F](?:(?!\\n)[${UNSEEN}]*[0-9a-fA-F]){31,}`,
      /(?=[a-zA-Z]*\d)(?=[a-z\d]*[A-Z])(?=[A-Z\d]*[a-z])[a-zA-Z\d]{40,}/u.source,
    ].join('|'),
    'gu',
  );

/** Shortest known key to look for; a shorter one would match ordinary words. */
const SURE_LENGTH = 8;

/**
 * Returns true if a word is or holds a key, so that it must not be printed, logged or sent.
 *
 * @param known the keys of this run, which need not be hexadecimal
 */
export function holdsKey(word: string, known: readonly string[] = []): boolean {
  const mayBeLong = word.length >= LEAST_LENGTH && keyInWord().test(word.replace(invisible(), ''));
  return mayBeLong || sure(known).some((key) => word.includes(key));
}

/** Returns a message in which everything that looks like a key is masked as `…` and its last four characters. */
export function maskKeyLike(text: string, known: readonly string[] = []): string {
  const masked = sure(known).reduce((masked, key) => masked.replaceAll(key, () => mask(key)), text);
  return masked.replace(keyInText(), (found, harmless?: string) => harmless ?? mask(found));
}

function sure(known: readonly string[]): string[] {
  return known.map((key) => key.trim()).filter((key) => key.length >= SURE_LENGTH);
}

function mask(key: string): string {
  return `…${key.replace(invisible(), '').slice(-4)}`;
}
