/** Ends the process if the error is a request to exit: a command that reported its failure, or ended early as --help does. */
export function exitAsAsked(error: unknown): void {
  const { oclif, code } = error as { oclif?: { exit?: number }; code?: string };
  if (code === 'EEXIT') process.exit(oclif?.exit ?? 0);
}
