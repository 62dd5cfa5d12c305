import { string } from '@oclif/core/args';
import { boolean, option } from '@oclif/core/flags';
import { isRentedMachine } from '@vastai-cli/core/internal/base/environment';
import { chooseStore, STORAGE_CHOICES } from '@vastai-cli/core/internal/credentials/choose-store';
import { saveKey } from '@vastai-cli/core/internal/credentials/save';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { confirmExposure } from '../../keys/exposed-key.js';
import { accountOf, idOf, skipped, verifyNewKey } from '../../keys/verify-key.js';
import { readNewKey, warnOfHistory } from './read-new-key.js';
import { savedKey } from './saved-key.js';

export default class SetApiKey extends ApiCommand {
  static override summary = 'Save the API key that other commands send.';
  static override description =
    'Checks the key with the API, then saves it. Without KEY, the command reads the key from standard input or, on a terminal, asks for it without showing it. A key typed as an argument stays in your shell history.';
  static override examples = [
    { description: 'Paste the key at a hidden prompt:', command: '<%= config.bin %> set api-key' },
    {
      description: 'Read it from another program:',
      command: 'pass show vast.ai | <%= config.bin %> set api-key',
    },
    {
      description: 'Pass the key as an argument, as in the Vast.ai documentation:',
      command: '<%= config.bin %> set api-key YOUR_API_KEY',
    },
  ];
  static override args = {
    key: string({
      name: 'KEY',
      description: 'The key; "-" reads it from standard input.',
      ignoreStdin: true,
    }),
  };
  static override flags = {
    storage: option({
      options: STORAGE_CHOICES,
      description:
        'Where to store the key; "auto" picks the keychain if available, otherwise a file (VASTAI_STORAGE).',
    })(),
    'no-verify': boolean({ description: 'Save the key without checking it with the API.' }),
    yes: boolean({
      char: 'y',
      description: 'Save a key with full access on a rented machine without asking.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(SetApiKey);
    const context = await this.context({ profile: flags.profile, url: flags.url });
    const chosen = await chooseStore(context, flags.storage);
    warnOfHistory(args.key, this.terminal, this.output);
    const key = await readNewKey(args.key ?? flags['api-key'], this.terminal, this.output);
    const client = await this.clientFor(flags, context, { key, source: { location: 'the new key' } });
    const verification = flags['no-verify'] ? skipped : await verifyNewKey(client, context);
    if (isRentedMachine(context.environment)) {
      const { terminal, output } = this;
      await confirmExposure({ key, client, verification, terminal, output }, flags.yes);
    }
    this.interruption.throwIfAborted();
    const notes = { account: accountOf(verification), id: idOf(verification) };
    const saved = await saveKey(context, chosen.store, key, notes);
    const { target } = this;
    return savedKey({ context, chosen, key, saved, verification, ownRoot: this.config.root, target });
  }
}
