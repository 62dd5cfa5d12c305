import { chooseSessionStore } from '@vastai-cli/core/internal/credentials/session';
import type { Result } from '@vastai-cli/kit/result';
import { proven } from '../../two-factor/proof.js';
import { proofFlags } from '../../two-factor/proof-flags.js';
import { SecretInput } from '../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';
import { logIn } from './log-in.js';

export default class TfaLogin extends TfaCommand {
  static override strict = false;
  static override summary = 'Log in with a second factor.';
  static override description =
    'Asks for the method and the code, then saves the session next to the key of the profile. From then on, commands send the session instead of the key. A session lasts a week. Logging in again always sends the API key, never an old session.';
  static override examples = [
    { description: 'Log in on a terminal:', command: '<%= config.bin %> tfa login' },
    {
      description: 'Log in with a code from a program:',
      command: 'oathtool --totp -b @totp.secret | <%= config.bin %> tfa login -t totp -c -',
    },
    {
      description: 'Log in with a backup code:',
      command: '<%= config.bin %> tfa login --backup-code - < backup-code.txt',
    },
  ];
  static override flags = proofFlags;

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaLogin);
    requireNoMore(argv);
    const context = await this.context(flags);
    const found = await this.keyAloneOf(context);
    // Before a code is asked for or used: a session that cannot be kept is of no use.
    const store = await chooseSessionStore(context, found);
    const client = await this.connectWithKey(flags);
    const input = new SecretInput(this.terminal, this.output, [
      flags.code,
      flags['backup-code'],
      flags.secret,
    ]);
    return proven(flags, { client, input }, (proof) =>
      this.uninterrupted(() => logIn(proof, { client, context, found, store })),
    );
  }
}
