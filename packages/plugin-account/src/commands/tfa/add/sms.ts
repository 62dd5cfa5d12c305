import { UsageError } from '@vastai-cli/core/internal/base/errors';
import type { Result } from '@vastai-cli/kit/result';
import { addSms, requireConversation } from '../../../two-factor/add-method.js';
import { codesFileFlag, labelFlag, phoneNumberFlag, proofFlags } from '../../../two-factor/proof-flags.js';
import { SecretInput } from '../../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../../two-factor/tfa-command.js';

export default class TfaAddSms extends TfaCommand {
  static override strict = false;
  static override summary = 'Add a phone as a second factor.';
  static override description =
    'Verifies your identity, sends a code to the phone, and activates the phone with that code. The first method of an account comes with backup codes, which are printed only once.';
  static override examples = [
    { description: 'Add a phone:', command: '<%= config.bin %> tfa add sms --phone-number +12025550100' },
  ];
  static override flags = {
    'phone-number': phoneNumberFlag('The phone number', 'p'),
    ...proofFlags,
    label: labelFlag,
    'codes-file': codesFileFlag,
  };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaAddSms);
    requireNoMore(argv);
    const input = new SecretInput(this.terminal, this.output, [
      flags.code,
      flags['backup-code'],
      flags.secret,
    ]);
    requireConversation(input);
    const { 'phone-number': number } = flags;
    if (number === undefined) throw new UsageError('tfa add sms needs --phone-number NUMBER.');
    const client = await this.connectWithKey(flags);
    return addSms(number, flags, { client, input, whole: (work) => this.uninterrupted(work) });
  }
}
