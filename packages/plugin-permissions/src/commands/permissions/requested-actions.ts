import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import { requireAction } from '../../requested-actions/requested-action.js';

/** Holds what a key is to do, as it was typed. */
export interface RequestedActions {
  readonly command?: readonly string[] | undefined;
  readonly request?: readonly string[] | undefined;
  readonly operation?: readonly string[] | undefined;
  /** A file with the rows of an audit log. */
  readonly auditLog?: string | undefined;
  readonly parameters: Parameters;
}

/** Reads the requested actions, and what the audit log leaves open. @throws UsageError */
export async function readRequestedActions({
  command = [],
  request = [],
  operation = [],
  auditLog,
  parameters,
}: RequestedActions): Promise<{ readonly actions: readonly Action[]; readonly notes: readonly string[] }> {
  const logged = auditLog === undefined ? undefined : await readAuditLog(auditLog);
  const actions = [
    ...command.map((words) => requireAction('command', words, parameters)),
    ...request.map((text) => requireAction('request', text, parameters)),
    ...operation.map((name) => requireAction('operation', name, parameters)),
    ...(logged?.actions ?? []),
  ];
  if (actions.length === 0) {
    const hint =
      logged?.notes.join(' ') ||
      'Say what the key is to do with --command, --request, --operation or --from-audit-log.';
    throw new UsageError('Nothing to allow.', hint);
  }
  return { actions, notes: logged?.notes ?? [] };
}

async function readAuditLog(path: string) {
  const { name, bytes } = await readInputFile(path);
  const [{ actionsOfAuditLog }, { decodeText }] = await Promise.all([
    import('@vastai-cli/permissions/authoring/audit-log'),
    import('@vastai-cli/permissions/json/source-text'),
  ]);
  try {
    return actionsOfAuditLog(JSON.parse(decodeText(bytes).text));
  } catch {
    throw new UsageError(
      `${name} is not JSON.`,
      'It should hold the rows that the API returns for the audit log.',
    );
  }
}
