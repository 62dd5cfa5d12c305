import { resendSmsCode } from '@vastai-cli/core/internal/api/two-factor';
import { type Result, sentence } from '@vastai-cli/kit/result';
import { phoneNumberFlag, secretFlag } from '../../two-factor/proof-flags.js';
import { SecretInput } from '../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaResendSms extends TfaCommand {
  static override strict = false;
  static override summary = 'Send the last code by SMS again.';
  static override description = 'Without --secret, sends the last code again. The secret stays the same.';
  static override examples = [
    { description: 'Send the last code again:', command: '<%= config.bin %> tfa resend-sms' },
    {
      description: 'Send the code of a secret again:',
      command: '<%= config.bin %> tfa resend-sms --secret - < sms.secret',
    },
  ];
  static override flags = {
    secret: secretFlag,
    'phone-number': phoneNumberFlag('The number that the code was sent to', 'p'),
  };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaResendSms);
    requireNoMore(argv);
    const input = new SecretInput(this.terminal, this.output, [flags.secret]);
    const secret = flags.secret === undefined ? undefined : await input.valueOf(flags.secret, 'Secret');
    const client = await this.connectWithKey(flags);
    const { raw } = await resendSmsCode(client, { secret, phone_number: flags['phone-number'] });
    return {
      document: { sent: true },
      raw,
      human: [sentence('The code was sent by SMS again. It is valid for ten minutes.')],
    };
  }
}
