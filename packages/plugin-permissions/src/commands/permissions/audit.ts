import { boolean, custom, option, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { parseDuration } from '@vastai-cli/kit/input/duration';
import { note, type Result } from '@vastai-cli/kit/result';
import { CAPABILITIES, type Capability } from '@vastai-cli/permissions/decision/capabilities';
import { hasFailed, SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { readAccount } from '../../audit/account.js';
import { AUDIT_FORMATS, formatAudit } from '../../audit/audit-formats.js';
import { audit } from '../../audit/audit-report.js';
import { readExpectedFiles } from '../../audit/expected-files.js';
import { diagnosticCode, wholeNumber } from './validate-flags.js';

const duration = custom<number>({
  async parse(text, _, { name }) {
    const seconds = parseDuration(text);
    if (seconds !== undefined) return seconds;
    throw new UsageError(`--${name} takes a number and s, m, h, d or w, such as 90d.`);
  },
});

export default class PermissionsAudit extends ApiCommand {
  static override summary = 'Judge every API key and team role of the account.';
  static override description =
    'Shows what each of them can do at worst, its findings, its age and its last use. Sends three requests, however many keys there are: for the keys, the roles and the audit log. Exit status: 0, or 10 if a finding reaches --fail-level, a key is older than --max-age, or --expect finds a difference.';
  static override examples = [
    { description: 'List every key and role:', command: '<%= config.bin %> permissions audit' },
    {
      description: 'List those that can, or may, create keys:',
      command: '<%= config.bin %> permissions audit --can mint-keys',
    },
    {
      description: 'Compare the account with the files of a repository:',
      command: '<%= config.bin %> permissions audit --expect keys/ --plan',
    },
    {
      description: 'Report old keys and risky access to code scanning:',
      command: '<%= config.bin %> permissions audit --max-age 90d --format sarif > audit.sarif',
    },
  ];
  static override flags = {
    can: option({
      options: CAPABILITIES,
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'CAPABILITY',
      description: 'List only keys and roles that can or may do this.',
    })(),
    expect: string({
      helpValue: 'DIR',
      description: 'Compare with NAME.json for each key and roles/NAME.json for each role in this folder.',
    }),
    plan: boolean({
      description: 'Print the commands that make the account what the folder says.',
      dependsOn: ['expect'],
    }),
    'max-age': duration({
      helpValue: 'DURATION',
      description: 'Fail if a key is older than this, such as 90d.',
    }),
    format: option({
      options: AUDIT_FORMATS,
      helpValue: 'FORMAT',
      description: 'Output format. [default: table]',
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
    const { flags } = await this.parse(PermissionsAudit);
    const format = flags.format ?? (flags.json ? 'json' : 'table');
    if (flags.json && format !== 'json')
      throw new UsageError(`--json and --format ${format} cannot be used together.`);
    const expected = flags.expect === undefined ? undefined : await readExpectedFiles(flags.expect);
    const now = Date.now() / 1000;
    const limits = {
      failLevel: flags['fail-level'],
      maxWarnings: flags['max-warnings'] ?? Number.POSITIVE_INFINITY,
    };
    const account = await readAccount(await this.connect(flags));
    const { document, report } = await audit(account, {
      ...flags,
      writeBaseline: flags['write-baseline'],
      can: (flags.can ?? []) as readonly Capability[],
      age: { now, maxAge: flags['max-age'] },
      expected,
      planFor: flags.plan ? this.target : undefined,
    });
    const human = await formatAudit({ document, report }, format, { ...limits, now });
    const failed =
      hasFailed(report.diagnostics, limits) ||
      (document.differences ?? []).length > 0 ||
      report.diagnostics.some(({ code }) => code === 'VP303');
    return {
      document,
      ...(human === undefined ? {} : { human }),
      remarks: account.notes.map((text) => ({ ...note(text), forPeople: true })),
      endsWith: failed ? 'findings' : undefined,
    };
  }
}
