import { string } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { suggest } from '@vastai-cli/permissions/authoring/suggest';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { readWork } from '../../services/named-work.js';
import { readParameters } from '../../services/parameters.js';

const repeatable = { multiple: true, multipleNonGreedy: true } as const;

export default class PermissionsSuggest extends BaseCommand {
  static override summary = 'Write the smallest permission document that allows some work.';
  static override description =
    'Narrowed to endpoints where their names are published, and to the ids that are named. What could not be narrowed is said on standard error. Exit status: 0, or 10 when some of the work is not covered.';
  static override examples = [
    {
      description: 'A key that shows instances and reboots one of them:',
      command:
        "<%= config.bin %> permissions suggest --request 'GET /api/v0/instances/5/' --request 'PUT /api/v0/instances/reboot/5/'",
    },
    {
      description: 'A key for some commands:',
      command:
        "<%= config.bin %> permissions suggest --command 'show instances' --command 'destroy instance' --param id=5",
    },
    {
      description: 'What a key has done so far:',
      command: '<%= config.bin %> permissions suggest --from-audit-log rows.json',
    },
  ];
  static override flags = {
    command: string({
      ...repeatable,
      helpValue: 'WORDS',
      description: 'A command of the official command line.',
    }),
    request: string({ ...repeatable, helpValue: "'METHOD /path'", description: 'A request.' }),
    operation: string({ ...repeatable, helpValue: 'NAME', description: 'An operation of the catalogue.' }),
    'from-audit-log': string({
      helpValue: 'FILE',
      description: 'The rows of the audit log, as JSON; "-" is standard input.',
    }),
    param: string({
      ...repeatable,
      helpValue: 'NAME=VALUE',
      description: 'A parameter of all of them, such as id=5.',
    }),
  };

  async run(): Promise<void> {
    const { flags } = await this.parse(PermissionsSuggest);
    const parameters = readParameters(flags.param);
    const { work, notes } = await readWork({ ...flags, auditLog: flags['from-audit-log'], parameters });
    const suggestion = suggest(work);
    const allNotes = [...notes, ...suggestion.notes];
    if (this.output.format === 'human') process.stdout.write(documentText(suggestion.document));
    else this.output.json({ document: suggestion.document, notes: allNotes });
    if (this.output.format === 'human') for (const note of allNotes) this.output.note(note);
    if (suggestion.uncovered.length > 0) process.exitCode = EXIT_STATUS.findings;
  }
}
