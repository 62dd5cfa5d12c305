import { string as argument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { DOCUMENT_FORMS, readDocument } from '../../documents/document-source.js';
import { explainSource } from './explain-report.js';

export default class PermissionsExplain extends ApiCommand {
  static override summary = 'Explain what a permission file, an API key or a team role allows.';
  static override description =
    'Lists errors and unclear parts first, then the risks, then every operation by category. Explains a file with errors as far as possible, and exits with status 10. Works offline, except for key:ID and role:NAME.';
  static override examples = [
    { description: 'Explain a file:', command: '<%= config.bin %> permissions explain perms.json' },
    {
      description: 'Explain an API key:',
      command: '<%= config.bin %> permissions explain key:42',
    },
    {
      description: 'Summarize what a key can do:',
      command: '<%= config.bin %> permissions explain perms.json --short',
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
      description: `The document to explain: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    short: boolean({
      description: 'Print only what a key can do, the worst of it, and what is limited or unknown.',
    }),
    key: string({ helpValue: 'ID', description: 'The ID of an API key to explain; the same as key:ID.' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsExplain);
    const reference = flags.key === undefined ? args.file : `key:${flags.key}`;
    if (reference === undefined || (flags.key !== undefined && args.file !== undefined)) {
      throw new UsageError('Give either a permission file or --key ID.');
    }
    const source = await readDocument(reference, () => this.connect(flags));
    return explainSource(source, { short: flags.short });
  }
}
