import { string as argument } from '@oclif/core/args';
import { boolean, option, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { CAPABILITIES } from '@vastai-cli/permissions/decision/capability-names';
import { jsonReport } from '@vastai-cli/permissions/report/formats/json';
import { failureTest, SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { POLICY_NAME } from '../../policy/find-policy.js';
import { formatReport, REPORT_FORMATS } from './report-formats.js';
import { validateFiles } from './validate-files.js';
import { findingFlags, readFlags } from './validate-flags.js';
import { validationRemarks } from './validation-remarks.js';

export default class PermissionsValidate extends ApiCommand {
  static override summary = 'Check permission files for errors and risky access.';
  static override description =
    'Shows every finding with its line. Works offline, except for key:ID and role:NAME. Exit status: 0, 10 if a finding reaches --fail-level, a key could do what --fail-on names, or there are more than --max-warnings warnings, or 2 if a file cannot be read.';
  static override examples = [
    { description: 'Check a file:', command: '<%= config.bin %> permissions validate perms.json' },
    {
      description: 'Also fail if a key could spend money or create keys:',
      command: '<%= config.bin %> permissions validate perms.json --fail-on spend-money,mint-keys',
    },
    {
      description: 'Annotate files in a GitHub workflow:',
      command: '<%= config.bin %> permissions validate keys/*.json --format github',
    },
    {
      description: 'Check the documents inside other files:',
      command: '<%= config.bin %> permissions validate README.md deploy.py --extract',
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
      description: `The documents to check: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    format: option({
      options: REPORT_FORMATS,
      helpValue: 'FORMAT',
      description: 'The output format. [default: pretty]',
    })(),
    extract: boolean({
      description:
        'Check the documents inside other files: Markdown, Terraform, Go, TypeScript, JavaScript, Python, YAML, shell scripts.',
    }),
    'fail-level': option({
      options: SEVERITIES,
      helpValue: 'LEVEL',
      description: 'The lowest severity that fails. [default: error]',
    })(),
    'fail-on': option({
      options: CAPABILITIES,
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      helpValue: 'CAPABILITY',
      description: 'Fail if a key could do this. Separate several with commas.',
    })(),
    config: string({
      helpValue: 'FILE',
      description: `The policy file to use instead of the nearest ${POLICY_NAME}.`,
    }),
    ...findingFlags,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsValidate);
    const format = flags.format ?? (flags.json ? 'json' : 'pretty');
    if (flags.json && format !== 'json')
      throw new UsageError(`--json and --format ${format} cannot be used together.`);
    const { report, failLevelOf } = await validateFiles(args.file, readFlags(flags), () =>
      this.connect(flags),
    );
    const isFailure = failureTest(report.diagnostics, failLevelOf, flags['max-warnings']);
    const human = await formatReport(report, format, {
      command: 'vastai permissions validate',
      isFailure,
      version: this.config.version,
    });
    const failed = report.diagnostics.some(isFailure) || (report.violations ?? []).length > 0;
    return {
      document: jsonReport(report),
      ...(human === undefined ? {} : { human }),
      remarks: validationRemarks(report),
      endsWith: failed ? 'findings' : undefined,
    };
  }
}
