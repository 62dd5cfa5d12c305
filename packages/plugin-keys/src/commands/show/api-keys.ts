import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { keyColumns } from '../../services/key-columns.js';
import { warnOfLeftOut } from '../../services/left-out.js';

export default class ShowApiKeys extends ApiCommand {
  static override summary = 'List the API keys of the account.';
  static override description =
    'Prints a table, or an array with --json. The keys themselves are never shown.';
  static override examples = [
    { description: 'The ids of all keys:', command: "<%= config.bin %> show api-keys --json | jq '.[].id'" },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(ShowApiKeys);
    const response = await listApiKeys(await this.connect(flags));
    warnOfLeftOut(response, this.output);
    if (this.output.format !== 'human') this.output.response(response);
    else this.output.table(keyColumns, response.value);
  }
}
