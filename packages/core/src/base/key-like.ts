import { UNSEEN } from './unseen.js';

// These are made when they are needed: to make one with properties of Unicode in it takes long, and most runs need none.

/** Between the characters of a key that was copied from a page there can be invisible ones. */
const invisible = () => new RegExp(`[${UNSEEN}]`, 'gu');

/** Longer than the hash of a commit, and no part of a path; the keys of Vast.ai have 64 hexadecimal digits. */
const LEAST_LENGTH = 41;
const keyInWord = () => /(?<![/\\0-9a-f])[0-9a-f]{41,}/iu;

/**
 * What is not repeated in a message: more is masked there than is refused. The hash of a package and a folder that is
 * named for a checksum, which the first group matches, stay: a person compares the one and types the other.
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

/** A shorter key would mask every other word. */
const SURE_LENGTH = 8;

/**
 * Tells whether a word that was typed is or holds a key, so that it must go nowhere but where keys belong.
 *
 * @param known the keys of this run, for those that have no hexadecimal form
 */
export function holdsKey(word: string, known: readonly string[] = []): boolean {
  const mayBeLong = word.length >= LEAST_LENGTH && keyInWord().test(word.replace(invisible(), ''));
  return mayBeLong || sure(known).some((key) => word.includes(key));
}

/** Gives a message in which everything that looks like a key is shown as its last four characters. */
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
