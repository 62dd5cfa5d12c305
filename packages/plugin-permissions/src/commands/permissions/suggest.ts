import { boolean, string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { adviceText } from '@vastai-cli/kit/render/advice';
import { note, type Result, verbatim } from '@vastai-cli/kit/result';
import { suggest } from '@vastai-cli/permissions/authoring/suggest';
import { documentText } from '@vastai-cli/permissions/document/document-text';
import { readParameters } from '../../requested-actions/parameters.js';
import { readRequestedActions } from './requested-actions.js';

const repeatable = { multiple: true, multipleNonGreedy: true } as const;

export default class PermissionsSuggest extends ApiCommand {
  static override summary = 'Print the smallest permission document that allows the given actions.';
  static override description =
    'Narrows each category to endpoints whose names are published, and to the IDs you give. Reports on standard error what else the key could do, and what could not be narrowed. Refused calls in a recording are left out unless you pass --include-refused, because a program may have tried things that it should not do. Works offline, except for --key without --from-audit-log. Exit status: 0, or 10 if some actions are not covered.';
  static override examples = [
    {
      description: 'Allow rebooting one instance:',
      command: '<%= config.bin %> permissions suggest --operation instance.reboot --param id=5',
    },
    {
      description: 'Allow two commands of the official CLI:',
      command: "<%= config.bin %> permissions suggest --command logs --command 'show user'",
    },
    {
      description: 'Allow what a program did, according to a recording of "exec --broker --record":',
      command: '<%= config.bin %> permissions suggest --from-recording calls.jsonl',
    },
    {
      description: 'Allow what a key did, according to the audit log:',
      command: '<%= config.bin %> permissions suggest --key 42',
    },
  ];
  static override flags = {
    command: string({
      ...repeatable,
      helpValue: 'COMMAND',
      description: "A command of the official CLI, such as 'destroy instance 5'.",
    }),
    request: string({
      ...repeatable,
      helpValue: 'REQUEST',
      description: "The method and path or URL, such as 'DELETE /api/v0/instances/5/'.",
    }),
    operation: string({
      ...repeatable,
      helpValue: 'NAME',
      description: 'An operation from "permissions operations", such as instance.destroy.',
    }),
    'from-recording': string({
      multiple: true,
      helpValue: 'FILE',
      description: 'Allow the calls in these recordings ("-" for standard input).',
    }),
    'include-refused': boolean({
      description: 'Also allow the calls that the recorded run refused.',
    }),
    'from-audit-log': string({
      helpValue: 'FILE',
      description: 'Allow the calls in this audit log, as JSON ("-" for standard input).',
    }),
    key: string({
      helpValue: 'ID',
      description:
        'Allow what this API key did, according to the audit log from the API or --from-audit-log.',
    }),
    param: string({
      ...repeatable,
      helpValue: 'NAME=VALUE',
      description: 'A parameter value for all given actions, such as id=5.',
    }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(PermissionsSuggest);
    const parameters = readParameters(flags.param);
    const connect = () => this.connect(flags);
    const {
      actions,
      notes: notesOnSource,
      isComplete,
    } = await readRequestedActions(flags, parameters, connect);
    const { document, notes: itsNotes, uncovered, only = [] } = suggest(actions);
    const notes = [...itsNotes, ...notesOnSource];
    const isNarrower = isComplete && only.length > 0;
    const narrower = isNarrower ? [adviceText([{ do: 'run-behind-broker', only }], this.target)] : [];
    const people = [...notes, ...narrower];
    return {
      document: { document, notes, ...(isNarrower ? { only } : {}) },
      human: [verbatim(documentText(document))],
      remarks: people.map((text) => ({ ...note(text), forPeople: true })),
      endsWith: uncovered.length > 0 ? 'findings' : undefined,
    };
  }
}
