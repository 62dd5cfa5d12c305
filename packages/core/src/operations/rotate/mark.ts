import { randomInt } from 'node:crypto';

const MARK = / ~[a-z0-9]{4}$/u;
/** Longest name that is kept, in UTF-16 code units. The API documents no limit for keys; roles have 50. */
const LONGEST = 200;
/** Half of a character that was cut in two, or that came so: it cannot be sent as it is. */
const HALF = /\p{Cs}/gu;
const LETTERS = 'abcdefghijklmnopqrstuvwxyz0123456789';

/**
 * Returns the name of a rotated key: that of the old one, with a mark of this rotation at its end, such as `laptop ~k3f9`. The
 * API cannot rename a key, so the mark stays, and the next rotation replaces it. No other key has this name, so a key whose
 * creation was not confirmed can be found by it.
 *
 * @param taken names of all keys of the account
 */
export function markedName(
  old: { readonly id: number; readonly name: string | null },
  taken: ReadonlySet<string>,
): string {
  const plain =
    (old.name ?? '').replace(MARK, '').trim().slice(0, LONGEST).replace(HALF, '') || `key ${old.id}`;
  for (;;) {
    const name = `${plain} ~${Array.from({ length: 4 }, () => LETTERS[randomInt(LETTERS.length)]).join('')}`;
    if (!taken.has(name)) return name;
  }
}

/** Returns true for a name that a rotation can have made. */
export function isMarked(name: string): boolean {
  return MARK.test(name);
}
