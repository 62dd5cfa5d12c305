import { twoFactorStatus } from '@vastai-cli/core/internal/api/two-factor';
import { isLegacyTwoFactor } from '@vastai-cli/core/internal/api/users';
import { notedSession } from '@vastai-cli/core/internal/credentials/session-note';
import type { Result } from '@vastai-cli/kit/result';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';
import { statusResult } from './status-result.js';

export default class TfaStatus extends TfaCommand {
  static override strict = false;
  static override summary = 'Show the second factors of the account.';
  static override description =
    'Lists the methods with their IDs, the number of backup codes left, and whether the account must create some first. Works without a two-factor session.';
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
    const client = await this.connectWithKey(flags);
    const status = await twoFactorStatus(client);
    // An account with backup codes is not from before there were any.
    const isLegacy = (status.value.backup_codes_remaining ?? 0) > 0 ? false : await isLegacyTwoFactor(client);
    const { record } = await this.context(flags);
    return statusResult(status, {
      isLegacy,
      hasSession: notedSession(record) !== undefined,
      target: this.target,
    });
  }
}
