import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import { requireAction } from './requested-action.js';

/** What a key has to be able to do, as it was named. */
export interface NamedWork {
  readonly command?: readonly string[] | undefined;
  readonly request?: readonly string[] | undefined;
  readonly operation?: readonly string[] | undefined;
  /** A file with the rows of an audit log. */
  readonly auditLog?: string | undefined;
  readonly parameters: Parameters;
}

/** The work that was named, and what could not be told from the audit log. @throws UsageError */
export async function readWork({
  command = [],
  request = [],
  operation = [],
  auditLog,
  parameters,
}: NamedWork): Promise<{ readonly work: readonly Action[]; readonly notes: readonly string[] }> {
  const logged = auditLog === undefined ? undefined : await readAuditLog(auditLog);
  const work = [
    ...command.map((words) => requireAction('command', words, parameters)),
    ...request.map((text) => requireAction('request', text, parameters)),
    ...operation.map((name) => requireAction('operation', name, parameters)),
    ...(logged?.work ?? []),
  ];
  if (work.length === 0) {
    const hint = logged?.notes.join(' ') || 'Name it with --command, --request or --from-audit-log.';
    throw new UsageError('There is no work to allow.', hint);
  }
  return { work, notes: logged?.notes ?? [] };
}

async function readAuditLog(path: string) {
  const { name, bytes } = await readInputFile(path);
  const [{ workOfAuditLog }, { decodeText }] = await Promise.all([
    import('@vastai-cli/permissions/authoring/audit-log'),
    import('@vastai-cli/permissions/json/source-text'),
  ]);
  try {
    return workOfAuditLog(JSON.parse(decodeText(bytes).text));
  } catch {
    throw new UsageError(`${name} is not JSON.`, 'It takes the rows that the API answers for the audit log.');
  }
}
