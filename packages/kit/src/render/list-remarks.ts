import { note, type Remark, warning } from '../result.js';

/** Returns how long a list is, as in `3 keys.` For scripts, its lines say it. */
export function countRemark(text: string): Remark {
  return { ...note(text), forPeople: true, onTerminal: true };
}

/**
 * Returns a warning if a list is incomplete. `--raw` prints every record, so it needs none.
 *
 * @param lacks what the records lack, such as `an ID`
 */
export function leftOutRemarks(leftOut: number, lacks: string): readonly Remark[] {
  if (leftOut === 0) return [];
  const records =
    leftOut === 1 ? `1 record without ${lacks} was` : `${leftOut} records without ${lacks} were`;
  return [{ ...warning(`${records} left out of the list. To see everything, add --raw.`), unlessRaw: true }];
}
