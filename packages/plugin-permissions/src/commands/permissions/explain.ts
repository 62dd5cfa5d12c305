import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { entries, type Result } from '@vastai-cli/kit/result';
import { explain } from '@vastai-cli/permissions/explain/explain';
import { explanationText } from '@vastai-cli/permissions/explain/explain-text';
import { openDocument } from '../../documents/open-document.js';

export default class PermissionsExplain extends ApiCommand {
  static override summary = 'Explain in words what a key can do, what it cannot, and what is unknown.';
  static override description =
    'Shows the risks first, then every operation by category. Only --key asks the API.';
  static override examples = [
    { description: 'A file:', command: '<%= config.bin %> permissions explain perms.json' },
    { description: 'A key of the account:', command: '<%= config.bin %> permissions explain --key 42' },
    {
      description: 'The kinds of risk, for a script:',
      command: "<%= config.bin %> permissions explain perms.json --json | jq '.risks[].kind'",
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      ignoreStdin: true,
      description: 'A permission file ("-" is standard input), preset:NAME or git:REV:path.',
    }),
  };
  static override flags = {
    key: string({ helpValue: 'ID', description: 'The id of an API key, in place of FILE.' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsExplain);
    const reference = flags.key === undefined ? args.file : `key:${flags.key}`;
    if (reference === undefined || (flags.key !== undefined && args.file !== undefined)) {
      throw new UsageError('Name a permission file, or a key with --key.');
    }
    const { name, document } = await openDocument(reference, () => this.connect(flags));
    const explanation = explain(document);
    return { document: { source: name, ...explanation }, human: [entries(explanationText(explanation))] };
  }
}
