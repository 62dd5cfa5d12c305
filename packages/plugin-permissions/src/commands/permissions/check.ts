import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { readParameters } from '../../services/parameters.js';
import { printVerdict } from '../../services/print-verdict.js';
import { readValidDocument } from '../../services/valid-document.js';
import { answerQuestion } from '../../services/verdict.js';

const QUESTIONS = ['request', 'command', 'operation'];

export default class PermissionsCheck extends BaseCommand {
  static override summary = 'Decide whether a permission file allows something, without asking the API.';
  static override description =
    'The answer is allow, deny or unknown, with the line that decides. Exit status: 0 for allow, else 10.';
  static override examples = [
    {
      description: 'A request:',
      command: "<%= config.bin %> permissions check perms.json --request 'DELETE /api/v0/instances/5/'",
    },
    {
      description: 'Everything that a command of the official command line asks for:',
      command: "<%= config.bin %> permissions check perms.json --command 'destroy instance' --param id=5",
    },
    {
      description: 'An operation of the catalogue:',
      command: '<%= config.bin %> permissions check perms.json --operation instance.destroy --param id=5',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      required: true,
      ignoreStdin: true,
      description: 'The permission file; "-" is standard input.',
    }),
  };
  static override flags = {
    request: string({ helpValue: "'METHOD /path'", description: 'A request.', exactlyOne: QUESTIONS }),
    command: string({ helpValue: 'WORDS', description: 'A command.', exactlyOne: QUESTIONS }),
    operation: string({ helpValue: 'NAME', description: 'An operation.', exactlyOne: QUESTIONS }),
    param: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
      description: 'A parameter that a constraint may look at.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsCheck);
    const parameters = readParameters(flags.param);
    const source = await readValidDocument(args.file);
    const report = answerQuestion(source, flags, parameters);
    if (this.output.format === 'human') printVerdict(report, source.text, this.output, this.terminal);
    else this.output.json(report);
    if (report.verdict !== 'allow') process.exitCode = EXIT_STATUS.findings;
  }
}
