import { boolean } from '@oclif/core/flags';
import { isVastaiError, UsageError } from '@vastai-cli/core/internal/base/errors';
import type { AcquiredKey } from '@vastai-cli/core/internal/context/acquire-key';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { readKey } from '@vastai-cli/kit/input/key-input';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import type { Result } from '@vastai-cli/kit/result';
import { revokeKey } from './revoke-key.js';

export default class RevokeApiKey extends ApiCommand {
  static override summary = 'Delete an API key by its value, such as a key found in a log.';
  static override description =
    'Reads the key from standard input or, on a terminal, asks for it without showing it. Finds its ID, shows its name, permissions and last use, then deletes it: with your own key if both belong to the same account, otherwise with the key itself. If the key has no permission to read its user, vastai cannot find its ID and lists the keys of the account instead. Exit status: 6 if the API does not know the key.';
  static override examples = [
    { description: 'Paste the key at a hidden prompt:', command: '<%= config.bin %> revoke api-key' },
    {
      description: 'Revoke the key in a file without confirmation:',
      command: '<%= config.bin %> revoke api-key --yes < found.key',
    },
  ];
  // oclif would repeat an argument in its error, and it is probably the key.
  static override strict = false;
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(RevokeApiKey);
    const isDash = requireNoKey(argv as string[]);
    requireAnswerable(flags.yes, this.terminal);
    const { output, target, terminal } = this;
    const otherwise = 'Pass it on standard input.';
    const key = await readKey({ question: 'Key to revoke:', isDash, otherwise }, terminal, output);
    const context = await this.context(flags);
    const used = await this.#keyInUse(context);
    const isOther = used !== undefined && !used.key.equals(key);
    return revokeKey({
      key,
      context,
      used,
      own: await this.clientFor(
        flags,
        context,
        // The key in use may have a two-factor session.
        used !== undefined && !isOther ? used : { key, source: { location: 'the given key' } },
      ),
      ofRun: isOther ? await this.clientFor(flags, context, used) : undefined,
      output: flags.yes && (flags.json || flags.raw) ? undefined : output,
      step: (parts) => output.step(parts),
      target,
      ask: (question) => confirm(this.withProfile(question), flags.yes, terminal),
    });
  }

  /** Returns the key in use; `undefined` if there is none for this API, as on a machine where nothing is saved. */
  async #keyInUse(context: Context): Promise<AcquiredKey | undefined> {
    return this.keyOf(context).catch((error: unknown) => {
      if (isVastaiError(error) && error.code === 'no_key') return undefined;
      throw error;
    });
  }
}

/** Returns true if `-` was given. @throws UsageError, which does not repeat it, for any other argument */
function requireNoKey(argv: readonly string[]): boolean {
  if (argv.every((word) => word === '-') && argv.length < 2) return argv.length === 1;
  throw new UsageError(
    'The key cannot be an argument: other users of this machine could see it, and shell histories keep it. Nothing was changed.',
    'Pass it on standard input, or run "vastai revoke api-key" and paste it.',
  );
}
