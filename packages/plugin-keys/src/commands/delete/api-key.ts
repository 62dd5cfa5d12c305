import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import type { Result } from '@vastai-cli/kit/result';
import { forgetDeleted } from '../../keys/forget-deleted.js';
import { parseKeyId } from '../../keys/key-id.js';
import { deleteKeys, inTurn } from './delete-keys.js';
import { deletionResult } from './deletion-result.js';
import { deletionQuestion } from './question.js';

export default class DeleteApiKey extends ApiCommand {
  static override summary = 'Delete API keys by ID.';
  static override description =
    'Everything that uses a deleted key stops working immediately. If one ID fails, the others are still tried. With several IDs, a key that does not exist counts as deleted, so you can run the same command again after an interruption. The API limits how fast you can delete keys; the command waits as long as necessary.';
  static override examples = [
    { description: 'Delete one key:', command: '<%= config.bin %> delete api-key 42' },
    {
      description: 'Delete several without confirmation:',
      command: '<%= config.bin %> delete api-key 42 43 44 --yes',
    },
  ];
  static override strict = false;
  static override args = {
    id: string({
      name: 'ID',
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: 'The IDs of the keys, as listed by "show api-keys".',
    }),
  };
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(DeleteApiKey);
    const ids = [...new Set((argv as string[]).map(parseKeyId))];
    requireAnswerable(flags.yes, this.terminal);
    const context = await this.context(flags);
    const client = await this.connect(inTurn(flags));
    if (!flags.yes) {
      const question = this.withProfile(await deletionQuestion(client, ids, this.output));
      await confirm(question, false, this.terminal);
    }
    const deletion = await deleteKeys(client, ids, this.output);
    await forgetDeleted(context, deletion.deleted, (text) => this.output.warn(text));
    return deletionResult(deletion);
  }
}
