/** Returns true if the arguments, which need not be parsable, contain the flag before any `--`. */
export function isGiven(flag: string, argv: readonly string[]): boolean {
  return flagsIn(argv).includes(flag);
}

/** Returns the values of a flag, spelt with dashes or underscores, in arguments that need not be parsable. */
export function valuesOf(flag: string, argv: readonly string[]): string[] {
  const spellings = [flag, `--${flag.slice(2).replaceAll('-', '_')}`];
  return flagsIn(argv).flatMap((word, at) => {
    const spelling = spellings.find((one) => word === one || word.startsWith(`${one}=`));
    if (spelling === undefined) return [];
    return word === spelling ? argv.slice(at + 1, at + 2) : [word.slice(spelling.length + 1)];
  });
}

function flagsIn(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--');
  return end === -1 ? argv : argv.slice(0, end);
}
