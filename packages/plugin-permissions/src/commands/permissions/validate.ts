import { string as argument } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { EXIT_STATUS } from '@vastai-cli/kit/command/exit-status';
import { hasFailed, SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { diagnosticCode, wholeNumber } from '../../services/flag-values.js';
import { printReport, REPORT_FORMATS } from '../../services/print-report.js';
import { validateFiles } from '../../services/validation.js';

export default class PermissionsValidate extends BaseCommand {
  static override summary = 'Check permission files: grammar, names, and what they let a key do.';
  static override description =
    'Shows every finding with its place. Exit status: 0, or 10 with findings of --fail-level and above; 2 when a file cannot be read.';
  static override examples = [
    { description: 'A file:', command: '<%= config.bin %> permissions validate perms.json' },
    {
      description: 'In CI, failing also when a key could spend money or see secrets:',
      command: '<%= config.bin %> permissions validate keys/*.json --fail-level security --format github',
    },
    {
      description: 'Accept what is there today, and fail on what comes later:',
      command: '<%= config.bin %> permissions validate perms.json --write-baseline known.json',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: 'Permission files; "-" is standard input.',
    }),
  };
  static override flags = {
    format: option({
      options: REPORT_FORMATS,
      description: 'How to print the findings. [default: pretty]',
    })(),
    'fail-level': option({
      options: SEVERITIES,
      default: 'error',
      description: 'The least severity that fails.',
    })(),
    'max-warnings': wholeNumber({ helpValue: 'N', description: 'Fail with more warnings than this.' }),
    ignore: diagnosticCode({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CODE',
      description: 'Leave findings with this code out.',
    }),
    baseline: string({
      helpValue: 'FILE',
      description: 'Leave the findings out that this file holds.',
      exclusive: ['write-baseline'],
    }),
    'write-baseline': string({ helpValue: 'FILE', description: 'Make a baseline of all findings.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsValidate);
    const format = flags.format ?? (flags.json ? 'json' : 'pretty');
    if (flags.json && format !== 'json')
      throw new UsageError(`--json and --format ${format} exclude each other.`);
    const limits = {
      failLevel: flags['fail-level'],
      maxWarnings: flags['max-warnings'] ?? Number.POSITIVE_INFINITY,
    };
    const report = await validateFiles(args.file, { ...flags, writeBaseline: flags['write-baseline'] });
    await printReport(report, format, limits, this.output, this.terminal);
    if (hasFailed(report.diagnostics, limits)) process.exitCode = EXIT_STATUS.findings;
  }
}
