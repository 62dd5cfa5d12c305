import type { Hook } from '@oclif/core/hooks';

type Command = Parameters<Hook.Prerun>[0]['Command'];

/**
 * Hands the errors of oclif's own commands on to whoever started them, who reports them as those of ours. With `--json`
 * oclif would print the error object instead, its parser and the whole configuration included, and end with 1.
 */
export function reportAsOurs(command: Command): void {
  if ('no-color' in (command.baseFlags ?? {})) return;
  const { prototype } = command as unknown as { prototype: { catch(error: unknown): Promise<never> } };
  prototype.catch = async (error) => {
    throw error;
  };
}
