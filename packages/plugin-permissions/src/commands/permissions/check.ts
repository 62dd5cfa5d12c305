import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { openDocument } from '../../documents/open-document.js';
import { readParameters } from '../../requested-actions/parameters.js';
import { decideQuestion, decisionParts } from './decision-report.js';

const QUESTIONS = ['request', 'command', 'operation'];

export default class PermissionsCheck extends ApiCommand {
  static override summary = 'Check whether a permission document allows an action.';
  static override description =
    'Prints allow, deny or unknown, and the line that decides it. Works offline, except for key:ID and role:NAME. Exit status: 0 for allow, otherwise 10.';
  static override examples = [
    {
      description: 'Check a request:',
      command: "<%= config.bin %> permissions check perms.json --request 'GET /api/v0/instances/'",
    },
    {
      description: 'Check all requests of an official CLI command:',
      command: "<%= config.bin %> permissions check perms.json --command 'show instances'",
    },
    {
      description: 'Check if a key of the account may destroy an instance:',
      command: '<%= config.bin %> permissions check key:42 --operation instance.destroy --param id=5',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      required: true,
      ignoreStdin: true,
      description: `Document to check: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    request: string({
      helpValue: 'REQUEST',
      description: "Method and path, such as 'DELETE /api/v0/instances/5/'.",
      exactlyOne: QUESTIONS,
    }),
    command: string({
      helpValue: 'COMMAND',
      description: "Command of the official CLI, such as 'destroy instance'.",
      exactlyOne: QUESTIONS,
    }),
    operation: string({
      helpValue: 'NAME',
      description: 'Operation in the catalogue, such as instance.destroy.',
      exactlyOne: QUESTIONS,
    }),
    param: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
      description: 'Value of a constrained parameter, such as id=5.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsCheck);
    const parameters = readParameters(flags.param);
    const source = await openDocument(args.file, () => this.connect(flags));
    const report = decideQuestion(source, flags, parameters);
    return {
      document: report,
      human: decisionParts(report, source.text),
      endsWith: report.verdict === 'allow' ? undefined : 'findings',
    };
  }
}
