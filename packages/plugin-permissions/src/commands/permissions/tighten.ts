import { string as argument } from '@oclif/core/args';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { note, type Result } from '@vastai-cli/kit/result';
import { documentOfKey } from '../../documents/account-documents.js';
import { readLoggedCalls } from '../../requested-actions/logged-calls.js';
import { tightenParts, tightenReport } from './tighten-report.js';

export default class PermissionsTighten extends ApiCommand {
  static override summary = 'Compare the permissions of an API key with what it did.';
  static override description =
    'Shows for each permission whether a call in the audit log used it, and what the calls need instead. The log records only important actions, so a permission that does not appear may still be in use, and read-only permissions never appear. Changes nothing: the permissions of a key cannot be changed.';
  static override examples = [
    {
      description: 'See which permissions of a key the log shows as used:',
      command: '<%= config.bin %> permissions tighten 42',
    },
    {
      description: 'Write a document that allows what it did:',
      command: '<%= config.bin %> permissions suggest --key 42 > perms.json',
    },
  ];
  static override args = {
    id: argument({
      name: 'ID',
      required: true,
      ignoreStdin: true,
      description: 'The ID of the key, as listed by "show api-keys".',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsTighten);
    const connect = () => this.connect(flags);
    const document = await documentOfKey(args.id, connect);
    const logged = await readLoggedCalls({ file: undefined, key: args.id, exists: true }, connect);
    const report = tightenReport(Number(args.id), document, logged);
    return {
      document: report,
      human: tightenParts(report),
      remarks: report.notes.map((text) => ({ ...note(text), forPeople: true })),
    };
  }
}
