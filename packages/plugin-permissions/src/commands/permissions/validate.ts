import { string as argument } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { jsonReport } from '@vastai-cli/permissions/report/formats/json';
import { hasFailed, SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { formatReport, REPORT_FORMATS } from './report-format.js';
import { validateFiles } from './validate-files.js';
import { diagnosticCode, wholeNumber } from './validate-flags.js';

const list = (names: readonly string[]) => `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;

export default class PermissionsValidate extends BaseCommand {
  static override summary = 'Check permission files for errors, and for what they let a key do.';
  static override description =
    'Shows every finding with its line. Exit status: 0, or 10 with findings of --fail-level or graver; 2 when a file cannot be read.';
  static override examples = [
    { description: 'A file:', command: '<%= config.bin %> permissions validate perms.json' },
    {
      description: 'Failing also when a key could spend money or see secrets:',
      command: '<%= config.bin %> permissions validate perms.json --fail-level security',
    },
    {
      description: 'In a GitHub workflow:',
      command: '<%= config.bin %> permissions validate keys/*.json --format github',
    },
    {
      description: 'Accept the findings of today, to fail on new ones:',
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
      helpValue: 'FORMAT',
      description: `How to print the findings: ${list(REPORT_FORMATS)}. [default: pretty]`,
    })(),
    'fail-level': option({
      options: SEVERITIES,
      default: 'error',
      helpValue: 'LEVEL',
      description: `The least severity that fails: ${list(SEVERITIES)}.`,
    })(),
    'max-warnings': wholeNumber({ helpValue: 'N', description: 'Fail with more warnings than this.' }),
    ignore: diagnosticCode({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CODE',
      description: 'Leave out findings with this code.',
    }),
    baseline: string({
      helpValue: 'FILE',
      description: 'Leave out the findings in this file.',
      exclusive: ['write-baseline'],
    }),
    'write-baseline': string({ helpValue: 'FILE', description: 'Write all findings to a baseline.' }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsValidate);
    const format = flags.format ?? (flags.json ? 'json' : 'pretty');
    if (flags.json && format !== 'json')
      throw new UsageError(`--json and --format ${format} cannot be used together.`);
    const limits = {
      failLevel: flags['fail-level'],
      maxWarnings: flags['max-warnings'] ?? Number.POSITIVE_INFINITY,
    };
    const report = await validateFiles(args.file, { ...flags, writeBaseline: flags['write-baseline'] });
    const human = await formatReport(report, format, limits);
    return {
      document: jsonReport(report),
      ...(human === undefined ? {} : { human }),
      endsWith: hasFailed(report.diagnostics, limits) ? 'findings' : undefined,
    };
  }
}
