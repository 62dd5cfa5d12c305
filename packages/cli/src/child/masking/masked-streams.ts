import { fstatSync } from 'node:fs';

/** The values of `--mask`. */
export const MASKING = ['auto', 'always', 'never'] as const;
export type Masking = (typeof MASKING)[number];

/** A stream of ours, and the streams of the program that are masked on the way to it. */
export interface MaskedStream {
  readonly to: 1 | 2;
  readonly from: readonly (1 | 2)[];
}

/**
 * Returns the streams to mask: with `auto`, those that are not a terminal or another device. If standard
 * output and standard error lead to one place, one pipe serves both, so that their order stays.
 */
export function maskedStreams(masking: Masking): MaskedStream[] {
  if (masking === 'never') return [];
  const places = ([1, 2] as const)
    .map((fd) => ({ fd, stat: fstatSync(fd) }))
    .filter(({ stat }) => masking === 'always' || !stat.isCharacterDevice());
  const [first, second] = places;
  if (first !== undefined && second !== undefined) {
    const isSame = first.stat.dev === second.stat.dev && first.stat.ino === second.stat.ino;
    if (isSame) return [{ to: 1, from: [1, 2] }];
  }
  return places.map(({ fd }) => ({ to: fd, from: [fd] }));
}
