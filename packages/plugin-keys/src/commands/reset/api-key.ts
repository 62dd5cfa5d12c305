import { boolean } from '@oclif/core/flags';
import { resetApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { requireRoomForSave } from '@vastai-cli/core/internal/config/room-for-save';
import { beginReset } from '@vastai-cli/core/internal/operations/reset/journal';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import type { Result } from '@vastai-cli/kit/result';
import { keepResetKey } from './keep-reset-key.js';
import { storeOfKey } from './store-of-key.js';

export default class ResetApiKey extends ApiCommand {
  static override summary = "Replace the account's own API key with a new one.";
  static override description =
    'The old key stops working immediately. The new one is saved where the old one was. If the old one came from a flag or a variable, or if the new one cannot be saved, the new one is printed to standard output instead.';
  static override examples = [
    { description: 'Skip the confirmation:', command: '<%= config.bin %> reset api-key --yes' },
  ];
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { flags } = await this.parse(ResetApiKey);
    requireAnswerable(flags.yes, this.terminal);
    const context = await this.context(flags);
    const found = await this.keyOf(context);
    const store = await storeOfKey(context, found);
    await confirm(
      this.withProfile(
        `Replace the API key …${found.key.suffix}? Everything that uses the old key stops working.`,
      ),
      flags.yes,
      this.terminal,
    );
    if (store !== undefined) await requireRoomForSave(context.paths);
    const client = await this.clientFor(flags, context, found);
    const { output, interruption, givingUp } = this;
    return this.uninterrupted(async () => {
      const journal = await beginReset(context, found.key, store !== undefined);
      const reset = { context, store, replaces: found.key, client, journal, output, interruption, givingUp };
      return keepResetKey(await journal.during(() => resetApiKey(client)), reset);
    });
  }
}
