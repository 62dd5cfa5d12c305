import { string } from '@oclif/core/args';
import { string as flag, option } from '@oclif/core/flags';
import { activateMethod } from '@vastai-cli/core/internal/api/new-two-factor-method';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { type Result, sentence } from '@vastai-cli/kit/result';
import { codesResult, withCodesFile } from '../../two-factor/backup-codes.js';
import { codesFileFlag, labelFlag, phoneNumberFlag } from '../../two-factor/proof-flags.js';
import { SecretInput } from '../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaActivate extends TfaCommand {
  static override strict = false;
  static override summary = 'Activate a new method with its first code.';
  static override description =
    'Without CODE, asks for the code on a terminal. The first method of an account comes with backup codes, which are printed only once.';
  static override examples = [
    {
      description: 'Activate an app; paste its secret and its code at hidden prompts:',
      command: '<%= config.bin %> tfa activate --secret -',
    },
    {
      description: 'Activate a phone:',
      command: '<%= config.bin %> tfa activate --method sms --phone-number +12025550100 --secret -',
    },
  ];
  static override args = {
    code: string({ name: 'CODE', ignoreStdin: true, description: 'The code; "-" reads standard input.' }),
  };
  static override flags = {
    method: option({
      options: ['sms', 'totp'] as const,
      char: 't',
      aliases: ['method-type', 'method_type'],
      default: 'totp' as const,
      helpValue: 'METHOD',
      description: 'The kind of method to activate.',
    })(),
    secret: flag({
      char: 's',
      helpValue: 'SECRET',
      description:
        'The secret of the app, or the one printed when the SMS was sent; "-" reads standard input.',
    }),
    'phone-number': phoneNumberFlag('The number of the new phone'),
    label: labelFlag,
    'codes-file': codesFileFlag,
  };

  async run(): Promise<Result> {
    const { args, argv, flags } = await this.parse(TfaActivate);
    requireNoMore(argv, 1);
    const input = new SecretInput(this.terminal, this.output, [flags.secret ?? '-', args.code ?? '-']);
    if (flags.secret === undefined && !this.terminal.canAsk)
      throw new UsageError(
        'tfa activate needs --secret SECRET.',
        'With --secret -, it is read from standard input.',
      );
    const client = await this.connectWithKey(flags);
    return withCodesFile(flags['codes-file'], async (file) => {
      const secret = await input.valueOf(flags.secret ?? '-', 'Secret');
      const code = await input.valueOf(args.code ?? '-', 'Code');
      const { method, label, 'phone-number': number } = flags;
      const asked = { tfa_method: method, code, secret, phone_number: number, label };
      const human = [sentence(`The new method (${method}) is active.`)];
      const more = { method };
      return this.uninterrupted(() =>
        codesResult(file, { human, more }, () => activateMethod(client, asked)),
      );
    });
  }
}
