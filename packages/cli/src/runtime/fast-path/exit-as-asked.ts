/** Ends the process where that is what was thrown: a command reported its failure itself, or ended early as --help does. */
export function exitAsAsked(error: unknown): void {
  const { oclif, code } = error as { oclif?: { exit?: number }; code?: string };
  if (code === 'EEXIT') process.exit(oclif?.exit ?? 0);
}
