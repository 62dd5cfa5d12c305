import { boolean } from '@oclif/core/flags';
import { regenerateBackupCodes } from '@vastai-cli/core/internal/api/two-factor';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import type { Result } from '@vastai-cli/kit/result';
import { codesResult, withCodesFile } from '../../two-factor/backup-codes.js';
import { proven } from '../../two-factor/proof.js';
import { codesFileFlag, proofFlags } from '../../two-factor/proof-flags.js';
import { SecretInput } from '../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaRegenCodes extends TfaCommand {
  static override strict = false;
  static override summary = 'Replace the backup codes of the account.';
  static override description =
    'Prints ten new backup codes once; all old ones stop working. Needs a code from any method, or an old backup code.';
  static override examples = [
    { description: 'Print new backup codes:', command: '<%= config.bin %> tfa regen-codes' },
    {
      description: 'Write them to a new file:',
      command: '<%= config.bin %> tfa regen-codes --codes-file backup-codes.txt',
    },
  ];
  static override flags = {
    ...proofFlags,
    'codes-file': codesFileFlag,
    yes: boolean({ char: 'y', description: 'Skip the confirmation.' }),
  };

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaRegenCodes);
    requireNoMore(argv);
    requireAnswerable(flags.yes, this.terminal);
    const client = await this.connectWithKey(flags);
    await confirm(
      this.withProfile('Replace all backup codes? The old ones stop working.'),
      flags.yes,
      this.terminal,
    );
    const input = new SecretInput(this.terminal, this.output, [
      flags.code,
      flags['backup-code'],
      flags.secret,
    ]);
    return withCodesFile(flags['codes-file'], (file) =>
      proven(flags, { client, input }, (proof) =>
        this.uninterrupted(() => codesResult(file, {}, () => regenerateBackupCodes(client, proof))),
      ),
    );
  }
}
