/** Writes a number with its noun, such as `1 file` or `3 files`. The plural of the noun must end in "s" only. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

/** Says how many of all are shown, such as `3 of 12 keys`; without a difference, `12 keys`. */
export function countShown(shown: number, total: number, noun: string): string {
  return shown === total ? count(total, noun) : `${shown} of ${count(total, noun)}`;
}
