import { VastaiError } from '@vastai-cli/core/internal/base/errors';

/**
 * `plugins install keys@1.2.3` with the full name of the package, as `aliases` has it. oclif does that for a name
 * alone; with a version it asks the registry first, and takes a stranger's package when that does not answer.
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

/** A failure of the npm that installs plugins: oclif tells of it with the path of npm and all its arguments. */
export function npmFailure(error: unknown): VastaiError | undefined {
  if (!(error instanceof Error) || !/npm-cli\.js .*exited with code \d+/su.test(error.message))
    return undefined;
  return new VastaiError('internal', 'npm could not do this; what it said is above.', {
    hint: 'Nothing was changed. With --verbose it says more.',
    cause: error,
  });
}
