import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { caseParts, runCases } from './case-report.js';

export default class PermissionsTest extends BaseCommand {
  static override summary = 'Test a permission file against cases that it should allow or deny.';
  static override description =
    'CASES is a YAML or JSON file. "document" is the path of the permission file, relative to CASES. Each case in "cases" has a "request", "command" or "operation", and "expect": allow, deny or unknown. Exit status: 0, or 10 if a case fails.';
  static override examples = [
    {
      description: 'Run the cases in CI:',
      command: '<%= config.bin %> permissions test permissions.cases.yaml',
    },
    {
      description: 'Run the same cases against another file:',
      command: '<%= config.bin %> permissions test cases.yaml --document staging.json',
    },
  ];
  static override args = {
    cases: argument({
      name: 'CASES',
      required: true,
      ignoreStdin: true,
      description: 'File with the cases ("-" for standard input).',
    }),
  };
  static override flags = {
    document: string({
      helpValue: 'FILE',
      description: 'Permission file or preset:NAME to test instead of the one in CASES.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsTest);
    const report = await runCases(args.cases, flags.document);
    return {
      document: report,
      human: caseParts(report),
      endsWith: report.failed > 0 ? 'findings' : undefined,
    };
  }
}
