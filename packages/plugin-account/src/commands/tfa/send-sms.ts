import { sendSmsCode } from '@vastai-cli/core/internal/api/two-factor';
import { shellWord } from '@vastai-cli/core/internal/base/shell-word';
import type { Result } from '@vastai-cli/kit/result';
import { methodIdFlag, phoneNumberFlag } from '../../two-factor/proof-flags.js';
import { sentCodeResult } from '../../two-factor/sent-code.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaSendSms extends TfaCommand {
  static override strict = false;
  static override summary = 'Send a code by SMS.';
  static override description =
    'Prints the secret that you need with the code. "tfa login --method sms" does this for you. Without --phone-number, the code goes to the phone of the account.';
  static override examples = [
    { description: 'Send a code to the phone of the account:', command: '<%= config.bin %> tfa send-sms' },
    {
      description: 'Send a code to a phone that you are adding:',
      command: '<%= config.bin %> tfa send-sms --phone-number +12025550100',
    },
  ];
  static override flags = {
    'phone-number': phoneNumberFlag('The number to send the code to', 'p'),
    'method-id': methodIdFlag,
  };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaSendSms);
    requireNoMore(argv);
    const client = await this.connectWithKey(flags);
    const { 'phone-number': number, 'method-id': id } = flags;
    const { value, raw } = await sendSmsCode(client, { phone_number: number, tfa_method_id: id });
    const next =
      number === undefined
        ? 'tfa login --method sms --secret -'
        : `tfa activate --method sms --phone-number ${shellWord(number)} --secret -`;
    return sentCodeResult({ value, raw }, 'sms', client.command(next));
  }
}
