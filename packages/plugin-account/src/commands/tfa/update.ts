import { string } from '@oclif/core/args';
import { string as text } from '@oclif/core/flags';
import { updateMethod } from '@vastai-cli/core/internal/api/two-factor';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { type Result, sentence } from '@vastai-cli/kit/result';
import { parseMethodId } from '../../two-factor/method-id.js';
import { labelFlag } from '../../two-factor/proof-flags.js';
import { requireNoMore, TfaCommand } from '../../two-factor/tfa-command.js';

export default class TfaUpdate extends TfaCommand {
  static override strict = false;
  static override summary = 'Change the label of a method, or make it the primary one.';
  static override description = 'The primary method is offered first when you log in.';
  static override examples = [
    { description: 'Name a method:', command: '<%= config.bin %> tfa update 501 --label "Work phone"' },
    {
      description: 'Make it the primary one:',
      command: '<%= config.bin %> tfa update 501 --set-primary true',
    },
  ];
  static override args = {
    id: string({
      name: 'METHOD_ID',
      required: true,
      ignoreStdin: true,
      description: 'The ID of the method, as listed by "tfa status".',
    }),
  };
  static override flags = {
    label: labelFlag,
    'set-primary': text({
      char: 'p',
      aliases: ['set_primary'],
      helpValue: 'true|false',
      description: 'Make it the primary method, or, with "false", an ordinary one.',
    }),
  };

  async run(): Promise<Result> {
    const { args, argv, flags } = await this.parse(TfaUpdate);
    requireNoMore(argv, 1);
    const id = parseMethodId(args.id);
    const { label } = flags;
    const primary = readBoolean(flags['set-primary']);
    if (label === undefined && primary === undefined)
      throw new UsageError('Say what to change: --label LABEL or --set-primary true.');
    const client = await this.connectWithKey(flags);
    const { raw } = await updateMethod(client, { tfa_method_id: id, label, is_primary: primary });
    return {
      document: {
        id,
        ...(label === undefined ? {} : { label }),
        ...(primary === undefined ? {} : { primary }),
      },
      raw,
      human: [sentence(`Updated method ${id}.`)],
    };
  }
}

/** Reads a boolean as the official CLI takes it. @throws UsageError for anything else */
function readBoolean(given: string | undefined): boolean | undefined {
  if (given === undefined) return undefined;
  if (/^t(?:rue)?$/iu.test(given)) return true;
  if (/^f(?:alse)?$/iu.test(given)) return false;
  throw new UsageError('--set-primary takes true or false.');
}
