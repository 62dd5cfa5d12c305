import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readInputFile } from '@vastai-cli/kit/input/files';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import { requireAction } from '../../requested-actions/requested-action.js';

/** Holds the requested actions as typed. */
export interface RequestedActions {
  readonly command?: readonly string[] | undefined;
  readonly request?: readonly string[] | undefined;
  readonly operation?: readonly string[] | undefined;
  /** Path of a file with audit log rows. */
  readonly auditLog?: string | undefined;
  readonly parameters: Parameters;
}

/** Reads the requested actions and the notes on the audit log. @throws UsageError if an action cannot be read. */
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
      'Use --command, --request, --operation or --from-audit-log to say what the key should do.';
    throw new UsageError('No actions to allow.', hint);
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
      'It must contain the rows that the API returns for the audit log.',
    );
  }
}
