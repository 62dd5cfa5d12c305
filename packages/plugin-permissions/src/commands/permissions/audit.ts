import { boolean, option, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { durationFlag } from '@vastai-cli/kit/input/duration-flag';
import { note, type Result } from '@vastai-cli/kit/result';
import { CAPABILITIES } from '@vastai-cli/permissions/decision/capability-names';
import { failureTest, SEVERITIES } from '@vastai-cli/permissions/report/selection';
import { readAccount } from '../../audit/account.js';
import { AUDIT_FORMATS, formatAudit } from '../../audit/audit-formats.js';
import { audit, auditFails, auditFailureTest } from '../../audit/audit-report.js';
import { readExpectedFiles } from '../../audit/expected-files.js';
import { POLICY_NAME } from '../../policy/find-policy.js';
import { findingFlags, readFlags } from './validate-flags.js';
import { validationRemarks } from './validation-remarks.js';

export default class PermissionsAudit extends ApiCommand {
  static override summary = 'Review every API key and team role in the account.';
  static override description =
    'Shows the worst that each can do, its findings, its age and when it was last used. Always sends three requests: for the keys, the roles and the audit log. Exit status: 0, or 10 if a finding reaches --fail-level, a key could do what --fail-on names, a key is older than --max-age, or --expect finds a difference.';
  static override examples = [
    { description: 'List every key and role:', command: '<%= config.bin %> permissions audit' },
    {
      description: 'List those that could create keys:',
      command: '<%= config.bin %> permissions audit --can mint-keys',
    },
    {
      description: 'Compare the account with the files in a repository:',
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
      delimiter: ',',
      helpValue: 'CAPABILITY',
      description: 'List only keys and roles that could do this.',
      exclusive: ['expect'],
    })(),
    expect: string({
      helpValue: 'DIR',
      description: 'Compare each key with NAME.json in this folder, and each role with roles/NAME.json.',
    }),
    plan: boolean({
      description: 'With --expect, print the commands that make the account match the folder.',
      dependsOn: ['expect'],
    }),
    'max-age': durationFlag({ description: 'Fail if a key is older than this, such as 90d.' }),
    format: option({
      options: AUDIT_FORMATS,
      helpValue: 'FORMAT',
      description: 'The output format. [default: table]',
    })(),
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
      description: 'Fail if a key or role could do this. Separate several with commas.',
    })(),
    config: string({
      helpValue: 'FILE',
      description: `The policy file to use instead of ${POLICY_NAME}.`,
    }),
    ...findingFlags,
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(PermissionsAudit);
    const format = flags.format ?? (flags.json ? 'json' : 'table');
    if (flags.json && format !== 'json')
      throw new UsageError(`--json and --format ${format} cannot be used together.`);
    const expected = flags.expect === undefined ? undefined : await readExpectedFiles(flags.expect);
    const now = Date.now() / 1000;
    const account = await readAccount(await this.connect(flags));
    const audited = await audit(account, {
      ...readFlags(flags),
      can: flags.can ?? [],
      age: { now, maxAge: flags['max-age'] },
      expected,
      planFor: flags.plan ? this.target : undefined,
    });
    const { document, report, failLevelOf } = audited;
    const isFailure = auditFailureTest(
      audited,
      failureTest(report.diagnostics, failLevelOf, flags['max-warnings']),
    );
    const human = await formatAudit(audited, format, {
      command: 'vastai permissions audit',
      isFailure,
      version: this.config.version,
      now,
    });
    return {
      document,
      ...(human === undefined ? {} : { human }),
      remarks: [
        ...account.notes.map((text) => ({ ...note(text), forPeople: true })),
        ...validationRemarks(report),
      ],
      endsWith: auditFails(audited, isFailure) ? 'findings' : undefined,
    };
  }
}
