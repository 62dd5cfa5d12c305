import { twoFactorStatus } from '@vastai-cli/core/internal/api/two-factor';
import type { Result } from '@vastai-cli/kit/result';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';
import { statusResult } from './status-result.js';

export default class TfaStatus extends TfaCommand {
  static override strict = false;
  static override summary = 'Show the second factors of the account.';
  static override description =
    'Lists the methods with their IDs, and says how many backup codes are left. Works without a two-factor session.';
  static override examples = [
    { description: 'Show the methods:', command: '<%= config.bin %> tfa status' },
    {
      description: 'Print the number of backup codes that are left:',
      command: '<%= config.bin %> tfa status --json | jq .backup_codes_remaining',
    },
  ];

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaStatus);
    requireNoMore(argv);
    return statusResult(await twoFactorStatus(await this.connectWithKey(flags)));
  }
}
