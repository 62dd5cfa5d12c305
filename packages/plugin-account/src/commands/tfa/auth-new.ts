import { line, note, type Result, sentence } from '@vastai-cli/kit/result';
import { authorize } from '../../two-factor/authorize.js';
import { proofFlags } from '../../two-factor/proof-flags.js';
import { SecretInput } from '../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaAuthNew extends TfaCommand {
  static override strict = false;
  static override summary = 'Authorize a new method for 30 minutes.';
  static override description =
    'Verifies your identity with a code or a backup code. By default, the code comes by email. On a terminal, asks for the code; otherwise, without --code, prints the secret that you need with the code. "tfa add" does this and the next steps in one command.';
  static override examples = [
    { description: 'Authorize with a code sent by email:', command: '<%= config.bin %> tfa auth-new' },
    {
      description: 'Authorize with a code from an app:',
      command: '<%= config.bin %> tfa auth-new --method totp',
    },
    {
      description: 'Authorize with a backup code:',
      command: '<%= config.bin %> tfa auth-new --backup-code - < backup-code.txt',
    },
  ];
  static override flags = proofFlags;

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaAuthNew);
    requireNoMore(argv);
    const client = await this.connectWithKey(flags);
    const input = new SecretInput(this.terminal, this.output, [
      flags.code,
      flags['backup-code'],
      flags.secret,
    ]);
    const { authorized, secret, raw } = await authorize(flags, client, input);
    const next = [client.command('tfa totp-setup'), client.command('tfa send-sms --phone-number NUMBER')];
    if (authorized) {
      return {
        document: { authorized, secret: null },
        raw,
        human: [sentence('You can add a method for 30 minutes.')],
        remarks: [{ ...note(`Next: ${next.join('  or  ')}`), forPeople: true }],
      };
    }
    const confirm = client.command('tfa auth-new --secret - --code -');
    return {
      document: { authorized, secret },
      raw,
      human: [line(secret ?? '')],
      remarks: [
        note(`Complete it within ten minutes, with the secret and the code on two lines: ${confirm}`),
      ],
    };
  }
}
