import { boolean, string } from '@oclif/core/flags';
import { deleteMethod } from '@vastai-cli/core/internal/api/two-factor';
import { notedSession } from '@vastai-cli/core/internal/credentials/session-note';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import { adviceText } from '@vastai-cli/kit/render/advice';
import { note, type Result, sentence } from '@vastai-cli/kit/result';
import { parseMethodId } from '../../two-factor/method-id.js';
import { proven } from '../../two-factor/proof.js';
import { proofFlags } from '../../two-factor/proof-flags.js';
import { SecretInput } from '../../two-factor/secret-input.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaDelete extends TfaCommand {
  static override strict = false;
  static override summary = 'Remove a second factor from the account.';
  static override description =
    'Needs a code from any method, or a backup code. Without --id-to-delete, Vast.ai removes the method that the code came from. Removing the last method turns off two-factor login and makes the backup codes invalid.';
  static override examples = [
    { description: 'Remove a method:', command: '<%= config.bin %> tfa delete --id-to-delete 501' },
    {
      description: 'Remove one in a script:',
      command:
        'oathtool --totp -b @totp.secret | <%= config.bin %> tfa delete --id-to-delete 501 --method totp --code - --yes',
    },
  ];
  static override flags = {
    'id-to-delete': string({
      aliases: ['id_to_delete'],
      helpValue: 'ID',
      description: 'The ID of the method to remove, as listed by "tfa status". Also -id.',
    }),
    ...proofFlags,
    yes: boolean({ char: 'y', description: 'Skip the confirmation.' }),
  };
  protected override readonly idFlag = '--id-to-delete';

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaDelete);
    requireNoMore(argv);
    requireAnswerable(flags.yes, this.terminal);
    const given = flags['id-to-delete'];
    const id = given === undefined ? undefined : parseMethodId(given);
    const client = await this.connectWithKey(flags);
    const what = id === undefined ? 'the method that the code came from' : `method ${id}`;
    await confirm(this.withProfile(`Remove ${what} from the account?`), flags.yes, this.terminal);
    const input = new SecretInput(this.terminal, this.output, [
      flags.code,
      flags['backup-code'],
      flags.secret,
    ]);
    const { value, raw } = await proven(flags, { client, input }, (proof) =>
      deleteMethod(client, { ...proof, target_id: id }),
    );
    const { remaining_methods: left, message } = value;
    const isOff = left === 0 || (left === null && /disabled/iu.test(message ?? ''));
    const rest = left === null ? '' : ` ${left} ${left === 1 ? 'method is' : 'methods are'} left.`;
    const text = isOff
      ? 'Removed the last method. Two-factor login is off, and the backup codes no longer work.'
      : `Removed ${what}.${rest}`;
    const { record } = await this.context(flags);
    const forget = adviceText([{ do: 'tfa-logout' }], this.target);
    return {
      document: { deleted: id ?? null, remaining_methods: isOff ? 0 : left },
      raw,
      human: [sentence(text)],
      remarks:
        isOff && notedSession(record) !== undefined
          ? [
              note(
                `The profile still has a session, which ends within a week. The key works without it.\n${forget}`,
              ),
            ]
          : [],
    };
  }
}
