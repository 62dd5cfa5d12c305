import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import { deleteKeys } from '../../services/delete-keys.js';
import { deletionProgress } from '../../services/deletion-progress.js';
import { describeKeys } from '../../services/describe-keys.js';
import { parseKeyId } from '../../services/key-id.js';
import { reportDeletion } from '../../services/report-deletion.js';

export default class DeleteApiKey extends ApiCommand {
  static override summary = 'Delete API keys by their ids.';
  static override description =
    'Whoever uses a deleted key is refused at once. All ids are tried; a key that is gone already counts as deleted when there are several, so that after an interruption the same command can be run again. The API wants some time between two deletions; it is waited for.';
  static override examples = [
    { description: 'One key:', command: '<%= config.bin %> delete api-key 42' },
    {
      description: 'Several, without being asked:',
      command: '<%= config.bin %> delete api-key 42 43 44 --yes',
    },
  ];
  static override strict = false;
  static override args = {
    id: string({
      name: 'ID',
      required: true,
      ignoreStdin: true,
      description: 'The ids of the keys, as "show api-keys" lists them.',
    }),
  };
  static override flags = { yes: boolean({ char: 'y', description: 'Do it without asking.' }) };

  async run(): Promise<void> {
    const { argv, flags } = await this.parse(DeleteApiKey);
    const ids = [...new Set((argv as string[]).map(parseKeyId))];
    requireAnswerable(flags.yes, this.terminal);
    const client = await this.connect(flags);
    if (!flags.yes) {
      const question = this.withProfile(await describeKeys(client, ids, this.output));
      await confirm(question, false, this.terminal);
    }
    const progress = deletionProgress(ids.length, this.output);
    reportDeletion(await deleteKeys(client, ids, progress), this.output);
  }
}
