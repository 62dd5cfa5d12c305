import { string as argument } from '@oclif/core/args';
import { option, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { jsonReport } from '@vastai-cli/permissions/report/formats/json';
import { hasFailed, SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { formatReport, REPORT_FORMATS } from './report-formats.js';
import { validateFiles } from './validate-files.js';
import { diagnosticCode, wholeNumber } from './validate-flags.js';

export default class PermissionsValidate extends ApiCommand {
  static override summary = 'Check permission files for errors and risky access.';
  static override description =
    'Shows every finding with its line. Works offline, except for key:ID and role:NAME. Exit status: 0, 10 if a finding reaches --fail-level or there are more than --max-warnings warnings, or 2 if a file cannot be read.';
  static override examples = [
    { description: 'Check a file:', command: '<%= config.bin %> permissions validate perms.json' },
    {
      description: 'Also fail if a key could spend money or read secrets:',
      command: '<%= config.bin %> permissions validate perms.json --fail-level security',
    },
    {
      description: 'Annotate files in a GitHub workflow:',
      command: '<%= config.bin %> permissions validate keys/*.json --format github',
    },
    {
      description: 'Accept all current findings:',
      command: '<%= config.bin %> permissions validate perms.json --write-baseline known.json',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      required: true,
      multiple: true,
      ignoreStdin: true,
      description: `Documents to check: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    format: option({
      options: REPORT_FORMATS,
      helpValue: 'FORMAT',
      description: 'Output format. [default: pretty]',
    })(),
    'fail-level': option({
      options: SEVERITIES,
      default: 'error',
      helpValue: 'LEVEL',
      description: 'Lowest severity that fails.',
    })(),
    'max-warnings': wholeNumber({
      helpValue: 'N',
      description: 'Fail if there are more warnings than this.',
    }),
    ignore: diagnosticCode({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CODE',
      description: 'Hide findings with this code.',
    }),
    baseline: string({
      helpValue: 'FILE',
      description: 'Hide the findings in this baseline file.',
      exclusive: ['write-baseline'],
    }),
    'write-baseline': string({
      helpValue: 'FILE',
      description: 'Write all findings to a baseline file, and hide them.',
    }),
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
    const report = await validateFiles(args.file, { ...flags, writeBaseline: flags['write-baseline'] }, () =>
      this.connect(flags),
    );
    const human = await formatReport(report, format, { limits, version: this.config.version });
    return {
      document: jsonReport(report),
      ...(human === undefined ? {} : { human }),
      endsWith: hasFailed(report.diagnostics, limits) ? 'findings' : undefined,
    };
  }
}
