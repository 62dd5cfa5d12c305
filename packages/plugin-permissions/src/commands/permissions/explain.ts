import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { entries, type Result } from '@vastai-cli/kit/result';
import { explain } from '@vastai-cli/permissions/explain/explain';
import { explanationText } from '@vastai-cli/permissions/explain/explain-text';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { openDocument } from '../../documents/open-document.js';

export default class PermissionsExplain extends ApiCommand {
  static override summary = 'Explain what a permission file, an API key or a team role allows.';
  static override description =
    'Shows the risks first, then every operation by category. Works offline, except for key:ID and role:NAME.';
  static override examples = [
    { description: 'Explain a file:', command: '<%= config.bin %> permissions explain perms.json' },
    {
      description: 'Explain a key of the account:',
      command: '<%= config.bin %> permissions explain key:42',
    },
    {
      description: 'List the kinds of risk in a script:',
      command: "<%= config.bin %> permissions explain perms.json --json | jq '.risks[].kind'",
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      ignoreStdin: true,
      description: `Document to explain: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    key: string({ helpValue: 'ID', description: 'ID of an API key to explain, like key:ID.' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsExplain);
    const reference = flags.key === undefined ? args.file : `key:${flags.key}`;
    if (reference === undefined || (flags.key !== undefined && args.file !== undefined)) {
      throw new UsageError('Give either a permission file or --key ID.');
    }
    const { name, document } = await openDocument(reference, () => this.connect(flags));
    const explanation = explain(document);
    return { document: { source: name, ...explanation }, human: [entries(explanationText(explanation))] };
  }
}
