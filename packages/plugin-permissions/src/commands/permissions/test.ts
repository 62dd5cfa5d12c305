import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { runCases } from '../../services/case-run.js';
import { printCases } from '../../services/print-cases.js';

export default class PermissionsTest extends BaseCommand {
  static override summary = 'Hold a permission file against the cases that it should allow and deny.';
  static override description =
    'CASES is a YAML or JSON file: "document" names the permission file (seen from there), and each of "cases" has a "request", a "command" or an "operation", and "expect": allow, deny or unknown. Exit status: 0, or 10 when a case fails.';
  static override examples = [
    { description: 'In CI:', command: '<%= config.bin %> permissions test permissions.cases.yaml' },
    {
      description: 'The same cases for another file:',
      command: '<%= config.bin %> permissions test cases.yaml --document staging.json',
    },
  ];
  static override args = {
    cases: argument({
      name: 'CASES',
      required: true,
      ignoreStdin: true,
      description: 'The file with the cases; "-" is standard input.',
    }),
  };
  static override flags = {
    document: string({
      helpValue: 'FILE',
      description: 'The permission file, or preset:NAME, in place of the one that CASES names.',
    }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsTest);
    const report = await runCases(args.cases, flags.document);
    if (this.output.format === 'human') printCases(report, this.output, this.terminal);
    else this.output.json(report);
    if (report.failed > 0) process.exitCode = EXIT_STATUS.findings;
  }
}
