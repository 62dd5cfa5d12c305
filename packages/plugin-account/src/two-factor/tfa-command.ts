import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';

/**
 * The base of the commands of two-factor login. Each sets `strict` to false, which oclif does not inherit, and calls
 * `requireNoMore`: oclif would repeat an unexpected argument in its error, and it is probably a code.
 */
export abstract class TfaCommand extends ApiCommand {
  /** The long flag that `-id` stands for, as in the official CLI. */
  protected readonly idFlag: string = '--method-id';

  protected override async init(): Promise<void> {
    this.argv = this.argv.map((word) => this.#spelled(word));
    await super.init();
  }

  /** Returns the long form of the flags of the official CLI that have two letters, which oclif would read as two flags. */
  #spelled(word: string): string {
    const [, flag, value = ''] = /^-(bc|id)(=.*)?$/su.exec(word) ?? [];
    if (flag === undefined) return word;
    return `${flag === 'bc' ? '--backup-code' : this.idFlag}${value}`;
  }
}

/** @throws UsageError, which does not repeat them, if there are more arguments than the command takes. */
export function requireNoMore(argv: readonly unknown[], most = 0): void {
  if (argv.length <= most) return;
  throw new UsageError(
    most === 0 ? 'This command takes no arguments.' : 'Too many arguments.',
    'Add --help to see what this command takes.',
  );
}
