import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { caseParts, runCases } from './case-report.js';

export default class PermissionsTest extends ApiCommand {
  static override summary = 'Test a permission file against cases that it should allow or deny.';
  static override description =
    'CASES is a YAML or JSON file. "document" is the permission file, relative to CASES, or preset:NAME, key:ID, role:NAME or git:REV:path. Each case in "cases" has a "request", "command" or "operation", and "expect": allow, deny or unknown. Also lists risky operations that the document allows but no case mentions. Exit status: 0, or 10 if a case fails.';
  static override examples = [
    {
      description: 'Run the cases in CI:',
      command: '<%= config.bin %> permissions test permissions.cases.yaml',
    },
    {
      description: 'Run the same cases against an API key:',
      command: '<%= config.bin %> permissions test cases.yaml --document key:42',
    },
  ];
  static override args = {
    cases: argument({
      name: 'CASES',
      required: true,
      ignoreStdin: true,
      description: 'The file with the cases ("-" for standard input).',
    }),
  };
  static override flags = {
    document: string({
      helpValue: 'FILE',
      description: `The document to test instead of the one in CASES: ${DOCUMENT_FORMS}.`,
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsTest);
    const report = await runCases(args.cases, flags.document, () => this.connect(flags));
    return {
      document: report,
      human: caseParts(report),
      endsWith: report.failed > 0 ? 'findings' : undefined,
    };
  }
}
