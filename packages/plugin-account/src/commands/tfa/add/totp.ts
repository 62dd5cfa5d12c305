import type { Result } from '@vastai-cli/kit/result';
import { addTotp, requireConversation } from '../../../two-factor/add-method.js';
import { codesFileFlag, labelFlag, proofFlags } from '../../../two-factor/proof-flags.js';
import { SecretInput } from '../../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../../two-factor/tfa-command.js';

export default class TfaAddTotp extends TfaCommand {
  static override strict = false;
  static override summary = 'Add an authenticator app as a second factor.';
  static override description =
    'Verifies your identity, shows a QR code for the app, and activates the app with its first code. The first method of an account comes with backup codes, which are printed only once.';
  static override examples = [
    { description: 'Add an app:', command: '<%= config.bin %> tfa add totp' },
    {
      description: 'Name it, and write the backup codes to a new file:',
      command: '<%= config.bin %> tfa add totp --label Phone --codes-file backup-codes.txt',
    },
  ];
  static override flags = { ...proofFlags, label: labelFlag, 'codes-file': codesFileFlag };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaAddTotp);
    requireNoMore(argv);
    const input = new SecretInput(this.terminal, this.output, [
      flags.code,
      flags['backup-code'],
      flags.secret,
    ]);
    requireConversation(input);
    const client = await this.connectWithKey(flags);
    return addTotp(flags, { client, input, whole: (work) => this.uninterrupted(work) });
  }
}
