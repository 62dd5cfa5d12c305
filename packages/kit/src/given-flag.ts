/** Whether a flag stands among words that are not parsed yet, or may not be parsable; behind `--` it is none. */
export function isGiven(flag: string, argv: readonly string[]): boolean {
  const end = argv.indexOf('--');
  return (end === -1 ? argv : argv.slice(0, end)).includes(flag);
}
