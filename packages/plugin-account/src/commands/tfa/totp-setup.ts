import { setUpTotp } from '@vastai-cli/core/internal/api/new-two-factor-method';
import { note, type Result } from '@vastai-cli/kit/result';
import { appSecretParts } from '../../two-factor/app-secret.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaTotpSetup extends TfaCommand {
  static override strict = false;
  static override summary = 'Create the secret for a new authenticator app.';
  static override description =
    'Prints a QR code, the secret and its otpauth:// URI. Anyone who has them can generate your codes. Run "tfa auth-new" first and "tfa activate" afterwards; "tfa add totp" does all steps in one command.';
  static override examples = [
    { description: 'Show the QR code:', command: '<%= config.bin %> tfa totp-setup' },
    {
      description: 'Keep the secret in a file:',
      command: '(umask 077; <%= config.bin %> tfa totp-setup --json | jq -r .secret > totp.secret)',
    },
  ];

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaTotpSetup);
    requireNoMore(argv);
    const client = await this.connectWithKey(flags);
    const { value, raw } = await setUpTotp(client);
    const next = client.command('tfa activate --secret -');
    return {
      document: value,
      raw,
      human: await appSecretParts(value),
      remarks: [note(`Then activate it with the code that the app shows: ${next}`)],
    };
  }
}
