import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { explain } from '@vastai-cli/permissions/explain/explain';
import { explanationText } from '@vastai-cli/permissions/explain/explain-text';
import { openDocument } from '../../services/document-source.js';

export default class PermissionsExplain extends ApiCommand {
  static override summary = 'Say in words what a key may do, what it may not, and what is not known.';
  static override description =
    'The risks come first, then every operation by category. The API is asked only for --key.';
  static override examples = [
    { description: 'A file:', command: '<%= config.bin %> permissions explain perms.json' },
    { description: 'A key that exists:', command: '<%= config.bin %> permissions explain --key 42' },
    {
      description: 'What could spend money, for a script:',
      command:
        '<%= config.bin %> permissions explain perms.json --json | jq \'.risks[] | select(.kind == "spends_money")\'',
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
    key: string({ helpValue: 'ID', description: 'A key, as "show api-keys" lists it.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsExplain);
    const reference = flags.key === undefined ? args.file : `key:${flags.key}`;
    if (reference === undefined || (flags.key !== undefined && args.file !== undefined)) {
      throw new UsageError('Name either a permission file or, with --key, a key.');
    }
    const { name, document } = await openDocument(reference, () => this.connect(flags));
    const explanation = explain(document);
    if (this.output.format === 'human') this.output.entries(explanationText(explanation));
    else this.output.json({ source: name, ...explanation });
  }
}
