import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';

/** Returns an environment that tells a program, and everything it starts, that we started it. */
export function marked(env: NodeJS.ProcessEnv, file: string): NodeJS.ProcessEnv {
  return { ...env, VASTAI_HANDED_OVER: file };
}

/**
 * Refuses to hand a command over inside a program that one was handed over to: it calls us back, and we would call it
 * again.
 *
 * @throws UsageError that names both programs
 */
export function refuseLoop(): void {
  const { VASTAI_HANDED_OVER: before } = readEnvironment(process.env);
  if (before === undefined) return;
  throw new UsageError(
    `${process.argv[1]} handed this command to ${before}, which handed it back.`,
    'Set VASTAI_OFFICIAL_CLI to the path of the official CLI itself.',
  );
}
