import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { readValidDocument } from '../../documents/valid-document.js';
import { readParameters } from '../../requested-actions/parameters.js';
import { decideQuestion, decisionParts } from './decision-report.js';

const QUESTIONS = ['request', 'command', 'operation'];

export default class PermissionsCheck extends BaseCommand {
  static override summary = 'Say whether a permission file allows something, without asking the API.';
  static override description =
    'Prints allow, deny or unknown, and the line that decides. Exit status: 0 for allow, 10 otherwise.';
  static override examples = [
    {
      description: 'A request:',
      command: "<%= config.bin %> permissions check perms.json --request 'GET /api/v0/instances/'",
    },
    {
      description: 'Everything that a command of the official CLI sends:',
      command: "<%= config.bin %> permissions check perms.json --command 'show instances'",
    },
    {
      description: 'An operation of the catalogue:',
      command: '<%= config.bin %> permissions check perms.json --operation instance.show',
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
    request: string({
      helpValue: 'REQUEST',
      description: "A method and a path: 'DELETE /api/v0/instances/5/'.",
      exactlyOne: QUESTIONS,
    }),
    command: string({
      helpValue: 'COMMAND',
      description: "A command of the official CLI: 'destroy instance'.",
      exactlyOne: QUESTIONS,
    }),
    operation: string({
      helpValue: 'NAME',
      description: 'An operation of the catalogue: instance.destroy.',
      exactlyOne: QUESTIONS,
    }),
    param: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
      description: 'A parameter that a constraint may depend on, such as id=5.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsCheck);
    const parameters = readParameters(flags.param);
    const source = await readValidDocument(args.file);
    const report = decideQuestion(source, flags, parameters);
    return {
      document: report,
      human: decisionParts(report, source.text),
      endsWith: report.verdict === 'allow' ? undefined : 'findings',
    };
  }
}
