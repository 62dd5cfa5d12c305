import { VastaiError } from '@vastai-cli/core/internal/base/errors';

/**
 * Replaces a short name in `plugins install keys@1.2.3` with the full name from `aliases`. oclif does that only for a name
 * without a version; otherwise it asks the registry, and may install a stranger's package of the short name.
 */
export function withFullNames(
  argv: readonly string[],
  aliases: Readonly<Record<string, string | null>> = {},
): string[] {
  if (!/^plugins[ :](install|add)\b/u.test(argv.join(' '))) return [...argv];
  return argv.map((word) => {
    const [short = '', ...version] = word.split('@');
    const name = aliases[short];
    return name ? [name, ...version].join('@') : word;
  });
}

/** Returns a short error for a failure of npm, which oclif reports with the path and all arguments of npm. */
export function npmFailure(error: unknown): VastaiError | undefined {
  if (!(error instanceof Error) || !/npm-cli\.js .*exited with code \d+/su.test(error.message))
    return undefined;
  return new VastaiError('internal', 'npm failed. Its output is above.', {
    hint: 'Nothing was changed. For details, add --verbose.',
    cause: error,
  });
}
