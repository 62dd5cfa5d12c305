import { option, string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { accessOfRun } from '../child/access.js';
import { environmentWith } from '../child/environment.js';
import { MASKING, maskedStreams } from '../child/masking/masked-streams.js';
import { runProgram } from '../child/run-program.js';
import { requireSeparator, shellOf, splitArguments } from './exec/arguments.js';
import { resultOf } from './exec/program-end.js';
import { fillIn, parseTemplates } from './exec/templates.js';

const { 'no-color': noColor } = BaseCommand.baseFlags;
const { 'api-key': apiKey, profile, url } = ApiCommand.baseFlags;

export default class Exec extends ApiCommand {
  static override summary = 'Run a program with the API key in its environment.';
  static override description =
    'Puts the key into VAST_API_KEY, and the URL of the API into VAST_URL unless it is the default. Without a program, starts your shell. The exit status is that of the program. What the program writes to a pipe or a file has the key masked.';
  static override usage = 'exec [FLAGS] -- COMMAND [ARG…]';
  static override examples = [
    {
      description: 'Run a program that reads the key:',
      command: '<%= config.bin %> exec -- python train.py',
    },
    {
      description: 'Pass the key in another variable too:',
      command: '<%= config.bin %> exec --env TOKEN={{key}} -- ./deploy.sh',
    },
    {
      description: 'Start a shell with the key of a profile:',
      command: '<%= config.bin %> exec --profile work',
    },
  ];
  // No request is made, and nothing is printed, so the other flags of a command do not apply.
  static override baseFlags = {
    'no-color': noColor,
    'api-key': apiKey,
    profile,
    url,
  } as typeof ApiCommand.baseFlags;
  static override flags = {
    mask: option({
      options: MASKING,
      default: 'auto',
      description:
        'When to mask the key in the output: auto leaves terminals alone, always includes them. [default: auto]',
      noCacheDefault: true,
    })(),
    env: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=TEMPLATE',
      description: 'Set another variable; {{key}} and {{url}} are replaced. Can be repeated.',
    }),
  };
  // The program is not an argument in oclif's sense: it has flags of its own.
  static override strict = false;

  async run(): Promise<Result> {
    const all = { ...Exec.baseFlags, ...Exec.flags };
    requireSeparator(this.argv, { name: 'exec', what: 'program', flags: all });
    const { own, program } = splitArguments(this.argv);
    const { flags } = await this.parse(Exec, own);
    const templates = parseTemplates(flags.env ?? []);
    const context = await this.context(flags);
    const { key } = await this.keyOf(context);
    const [file, ...args] = program ?? [shellOf(context.environment)];
    if (program === undefined) this.output.note(`Starting ${file} with the key ${key} in VAST_API_KEY.`);
    const access = await accessOfRun(context, key);
    const end = await runProgram({
      file,
      args,
      env: { ...environmentWith(access), ...fillIn(templates, access) },
      masked: { key, streams: maskedStreams(flags.mask) },
      handOver: () => this.handOverSignals(),
    });
    return resultOf(end, file);
  }
}
