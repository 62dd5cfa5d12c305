import { sendEmailCode } from '@vastai-cli/core/internal/api/two-factor';
import type { Result } from '@vastai-cli/kit/result';
import { sentCodeResult } from '../../two-factor/sent-code.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaSendEmail extends TfaCommand {
  static override strict = false;
  static override summary = 'Send a code to the email address of the account.';
  static override description =
    'Prints the secret that you need with the code. "tfa login --method email" does this for you.';
  static override examples = [{ description: 'Send a code:', command: '<%= config.bin %> tfa send-email' }];

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaSendEmail);
    requireNoMore(argv);
    const client = await this.connectWithKey(flags);
    const next = client.command('tfa login --method email --secret -');
    return sentCodeResult(await sendEmailCode(client), 'email', next);
  }
}
