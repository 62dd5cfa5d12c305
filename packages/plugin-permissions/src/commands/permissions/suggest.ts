import { string } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { note, type Result, verbatim } from '@vastai-cli/kit/result';
import { suggest } from '@vastai-cli/permissions/authoring/suggest';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { readParameters } from '../../requested-actions/parameters.js';
import { readRequestedActions } from './requested-actions.js';

const repeatable = { multiple: true, multipleNonGreedy: true } as const;

export default class PermissionsSuggest extends BaseCommand {
  static override summary = 'Print the smallest permission document that allows some actions.';
  static override description =
    'Narrows each category to endpoints where their names are published, and to the ids you give. Says on standard error what could not be narrowed. Exit status: 0, or 10 when some actions are not covered.';
  static override examples = [
    {
      description: 'A key that reboots one instance:',
      command: '<%= config.bin %> permissions suggest --operation instance.reboot --param id=5',
    },
    {
      description: 'A key for two commands of the official CLI:',
      command: "<%= config.bin %> permissions suggest --command logs --command 'show user'",
    },
    {
      description: 'A key for what the audit log shows:',
      command: '<%= config.bin %> permissions suggest --from-audit-log rows.json',
    },
  ];
  static override flags = {
    command: string({
      ...repeatable,
      helpValue: 'COMMAND',
      description: "A command of the official CLI: 'destroy instance'.",
    }),
    request: string({
      ...repeatable,
      helpValue: 'REQUEST',
      description: "A method and a path: 'DELETE /api/v0/instances/5/'.",
    }),
    operation: string({
      ...repeatable,
      helpValue: 'NAME',
      description: 'An operation of the catalogue: instance.destroy.',
    }),
    'from-audit-log': string({
      helpValue: 'FILE',
      description: 'Rows of the audit log as JSON; "-" is standard input.',
    }),
    param: string({
      ...repeatable,
      helpValue: 'NAME=VALUE',
      description: 'A parameter of all these actions, such as id=5.',
    }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(PermissionsSuggest);
    const parameters = readParameters(flags.param);
    const requested = { ...flags, auditLog: flags['from-audit-log'], parameters };
    const { actions, notes: logNotes } = await readRequestedActions(requested);
    const { document, notes: itsNotes, uncovered } = suggest(actions);
    const notes = [...logNotes, ...itsNotes];
    return {
      document: { document, notes },
      human: [verbatim(documentText(document))],
      remarks: notes.map((text) => ({ ...note(text), forPeople: true })),
      endsWith: uncovered.length > 0 ? 'findings' : undefined,
    };
  }
}
