/** Writes a number with its noun, such as `1 file` or `3 files`. The plural of the noun must end in "s" only. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}
