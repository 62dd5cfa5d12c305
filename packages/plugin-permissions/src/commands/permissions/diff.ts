import { string as argument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { openDocument } from '../../documents/open-document.js';
import { diffParts, diffReport } from './diff-report.js';

export default class PermissionsDiff extends ApiCommand {
  static override summary = 'Compare what two permission documents allow.';
  static override description =
    'Shows what access is granted, widened, narrowed or removed. Works offline, except for key:ID and role:NAME. Exit status: 0, or 10 if --no-new-access or --not-granting fails.';
  static override examples = [
    { description: 'Compare two files:', command: '<%= config.bin %> permissions diff old.json new.json' },
    {
      description: 'Fail if a file adds access since the last commit:',
      command: '<%= config.bin %> permissions diff git:HEAD:perms.json perms.json --no-new-access',
    },
    {
      description: 'Compare a file with an API key:',
      command: '<%= config.bin %> permissions diff perms.json key:42',
    },
    {
      description: 'Fail if the new file allows creating API keys:',
      command: '<%= config.bin %> permissions diff old.json new.json --not-granting apikey.create',
    },
  ];
  static override args = {
    before: argument({
      name: 'BEFORE',
      required: true,
      ignoreStdin: true,
      description: `The old document: ${DOCUMENT_FORMS}.`,
    }),
    after: argument({
      name: 'AFTER',
      required: true,
      ignoreStdin: true,
      description: `The new document: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    'no-new-access': boolean({ description: 'Fail if AFTER could allow more than BEFORE.' }),
    'not-granting': string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'OPERATION',
      description: 'Fail if AFTER could allow this operation.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsDiff);
    const connect = () => this.connect(flags);
    const before = await openDocument(args.before, connect);
    const after = await openDocument(args.after, connect);
    const gates = { noNewAccess: flags['no-new-access'], notGranting: flags['not-granting'] ?? [] };
    const report = diffReport(before, after, gates);
    return {
      document: report,
      human: diffParts(report),
      endsWith: report.violations.length > 0 ? 'findings' : undefined,
    };
  }
}
