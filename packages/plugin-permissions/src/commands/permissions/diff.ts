import { string as argument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { diffDocuments } from '@vastai-cli/permissions/diff/diff';
import { violations } from '../../services/access-gates.js';
import { openDocument } from '../../services/document-source.js';
import { printDiff } from '../../services/print-diff.js';

const SOURCE = 'a file, preset:NAME, key:ID or git:REV:path';

export default class PermissionsDiff extends ApiCommand {
  static override summary = 'Compare two permission documents by what they allow.';
  static override description =
    'Says what is granted, widened, narrowed and removed, however the documents are written. The API is asked only for key:ID. Exit status: 0, or 10 when a gate is not passed.';
  static override examples = [
    { description: 'Two files:', command: '<%= config.bin %> permissions diff old.json new.json' },
    {
      description: 'In CI, against the main branch:',
      command: '<%= config.bin %> permissions diff git:origin/main:perms.json perms.json --no-new-access',
    },
    {
      description: 'A key that exists against the file that it should be made from:',
      command: '<%= config.bin %> permissions diff perms.json key:42',
    },
    {
      description: 'Something that must stay out:',
      command: '<%= config.bin %> permissions diff old.json new.json --not-granting instance.destroy',
    },
  ];
  static override args = {
    before: argument({
      name: 'A',
      required: true,
      ignoreStdin: true,
      description: `The old one: ${SOURCE}.`,
    }),
    after: argument({ name: 'B', required: true, ignoreStdin: true, description: `The new one: ${SOURCE}.` }),
  };
  static override flags = {
    'no-new-access': boolean({ description: 'Fail when B allows, or may allow, more than A.' }),
    'not-granting': string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'OPERATION',
      description: 'Fail when B allows, or may allow, this operation.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsDiff);
    const connect = () => this.connect(flags);
    const before = await openDocument(args.before, connect);
    const after = await openDocument(args.after, connect);
    const diff = diffDocuments(before.document, after.document);
    const failed = violations(diff, after.document, {
      noNewAccess: flags['no-new-access'],
      notGranting: flags['not-granting'] ?? [],
    });
    const report = { before: before.name, after: after.name, changes: diff.changes, violations: failed };
    if (this.output.format === 'human') printDiff(report, this.output, this.terminal);
    else this.output.json(report);
    if (failed.length > 0) process.exitCode = EXIT_STATUS.findings;
  }
}
