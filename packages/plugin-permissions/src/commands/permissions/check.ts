import { string as argument } from '@oclif/core/args';
import { boolean, string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { note, type Part, type Result } from '@vastai-cli/kit/result';
import { DOCUMENT_FORMS } from '../../documents/document-source.js';
import { openDocument } from '../../documents/open-document.js';
import { readLoggedCalls } from '../../requested-actions/logged-calls.js';
import { readParameters } from '../../requested-actions/parameters.js';
import { type DecisionReport, decideQuestion, decisionParts } from './decision-report.js';
import { type RecordingReport, recordingParts, recordingReport } from './recording-report.js';
import { type ReplayReport, replayParts, replayReport } from './replay-report.js';

const QUESTIONS = ['request', 'command', 'operation'] as const;

export default class PermissionsCheck extends ApiCommand {
  static override summary = 'Check whether a permission document allows an action.';
  static override description =
    'Prints allow, deny or unknown, and the line that decides. With an audit log, checks each call that a key made; with a recording, each call that the run allowed. Works offline, except for key:ID, role:NAME, and --key without --from-audit-log. Exit status: 0 for allow, otherwise 10, and 10 if --no-unused fails.';
  static override examples = [
    {
      description: 'Check a request:',
      command: "<%= config.bin %> permissions check perms.json --request 'GET /api/v0/instances/'",
    },
    {
      description: 'Check what a command of the official CLI calls:',
      command: "<%= config.bin %> permissions check perms.json --command 'destroy instance 5'",
    },
    {
      description: 'Check which past calls of a key this file would deny:',
      command: '<%= config.bin %> permissions check perms.json --key 42',
    },
    {
      description: 'Check that a file allows what a program did, and grants nothing else:',
      command: '<%= config.bin %> permissions check perms.json --recording calls.jsonl --no-unused',
    },
    {
      description: 'Check whether a key can destroy an instance:',
      command: '<%= config.bin %> permissions check key:42 --operation instance.destroy --param id=5',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      required: true,
      ignoreStdin: true,
      description: `The document to check: ${DOCUMENT_FORMS}.`,
    }),
  };
  static override flags = {
    request: string({
      helpValue: 'REQUEST',
      description: "The method and path or URL, such as 'DELETE /api/v0/instances/5/'.",
    }),
    command: string({
      helpValue: 'COMMAND',
      description: "A command of the official CLI, such as 'destroy instance 5'.",
    }),
    operation: string({
      helpValue: 'NAME',
      description: 'An operation from "permissions operations", such as instance.destroy.',
    }),
    recording: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'FILE',
      description: 'Check the calls in this recording of "exec --broker --record" ("-" for standard input).',
    }),
    'include-refused': boolean({
      description: 'Also check the calls that the recorded run refused.',
      dependsOn: ['recording'],
    }),
    'no-unused': boolean({
      description: 'Fail if no recorded call used a grant of the document.',
      dependsOn: ['recording'],
    }),
    'from-audit-log': string({
      helpValue: 'FILE',
      description: 'Check the calls in this audit log, as JSON ("-" for standard input).',
    }),
    key: string({
      helpValue: 'ID',
      description: 'Check the calls that this API key made, according to the API or --from-audit-log.',
    }),
    param: string({
      multiple: true,
      multipleNonGreedy: true,
      helpValue: 'NAME=VALUE',
      description: 'The value of a parameter that the document limits, such as id=5.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsCheck);
    const { 'from-audit-log': file, key, recording } = flags;
    const parameters = readParameters(flags.param);
    const connect = () => this.connect(flags);
    const usesLog = file !== undefined || key !== undefined;
    const sources = [usesLog, recording !== undefined].filter(Boolean).length;
    requireOneQuestion(QUESTIONS.filter((name) => flags[name] !== undefined).length + sources);
    if (sources === 0) {
      const source = await openDocument(args.file, connect);
      const report = decideQuestion(source, flags, parameters);
      return resultOf(report, decisionParts(report, source.text));
    }
    if (flags.param !== undefined)
      throw new UsageError('--param has no effect on calls that were already made.');
    const source = await openDocument(args.file, connect);
    if (recording !== undefined) {
      const { readRecordings } = await import('../../requested-actions/recordings.js');
      const recordings = await readRecordings(recording, flags['include-refused']);
      const report = recordingReport(source, recordings, flags['no-unused']);
      return resultOf(report, recordingParts(report), report.failsUnused);
    }
    const report = replayReport(source, await readLoggedCalls({ file, key }, connect));
    return resultOf(report, replayParts(report, { call: 'logged call', whole: 'log' }));
  }
}

function resultOf(
  report: DecisionReport | ReplayReport | RecordingReport,
  human: readonly Part[],
  failsGate = false,
): Result {
  return {
    document: report,
    human,
    remarks: report.notes.map((text) => ({ ...note(text), forPeople: true })),
    endsWith: report.verdict === 'allow' && !failsGate ? undefined : 'findings',
  };
}

function requireOneQuestion(count: number): void {
  if (count === 1) return;
  throw new UsageError(
    `permissions check needs ${count === 0 ? 'something to check' : 'one thing to check, not several'}.`,
    'Use one of --request, --command, --operation, --recording FILE, --key ID (the audit log of the API) and --from-audit-log FILE.',
  );
}
