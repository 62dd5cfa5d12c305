import { UsageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { actionsOfAuditLog } from '@vastai-cli/permissions/authoring/audit-log';
import type { Action, Parameters } from '@vastai-cli/permissions/decision/action';
import type { Connect } from '../../documents/referenced-document.js';
import { readLoggedCalls } from '../../requested-actions/logged-calls.js';
import { notesOn, requireAction } from '../../requested-actions/requested-action.js';
import { requireUsed } from '../../requested-actions/used-parameters.js';

/** Holds the requested actions as typed. */
export interface RequestedActions {
  readonly command?: readonly string[] | undefined;
  readonly request?: readonly string[] | undefined;
  readonly operation?: readonly string[] | undefined;
  /** Path of a file with audit log rows. */
  readonly 'from-audit-log'?: string | undefined;
  /** Id of the key whose rows to take. */
  readonly key?: string | undefined;
  /** Paths of recordings. */
  readonly 'from-recording'?: readonly string[] | undefined;
  /** True if the calls that a recorded run refused count too. */
  readonly 'include-refused'?: boolean | undefined;
}

/** Holds the requested actions, and the notes on the audit log. */
export interface ActionsToAllow {
  readonly actions: readonly Action[];
  readonly notes: readonly string[];
  /** False if an audit log names some of the actions, which shows only the important ones. */
  readonly isComplete: boolean;
}

/**
 * Reads the requested actions.
 *
 * @throws UsageError if an action cannot be read, a parameter means nothing for it, or there are none; VastaiError
 *   `not_found` if the account's audit log has none of the key.
 */
export async function readRequestedActions(
  requested: RequestedActions,
  parameters: Parameters,
  connect: Connect,
): Promise<ActionsToAllow> {
  const { command = [], request = [], operation = [], 'from-audit-log': file, key } = requested;
  const typed = [
    ...command.map((words) => requireAction('command', words, parameters)),
    ...request.map((text) => requireAction('request', text, parameters)),
    ...operation.map((name) => requireAction('operation', name, parameters)),
  ];
  const usesLog = file !== undefined || key !== undefined;
  const recorded = await readRecorded(requested);
  if (typed.length === 0 && !usesLog && recorded === undefined) {
    throw new UsageError(
      'No actions to allow.',
      'Use --command, --request, --operation, --from-recording, --from-audit-log or --key to say what the key should do.',
    );
  }
  requireUsed(parameters, typed);
  const known = [...typed, ...(recorded?.actions ?? [])];
  const notesOnKnown = [...typed.flatMap(notesOn), ...(recorded?.notes ?? [])];
  if (!usesLog && recorded !== undefined && known.length === 0)
    throw new UsageError('The recording has no calls to allow.', recorded.notes.join(' '));
  if (!usesLog) return { actions: known, notes: notesOnKnown, isComplete: true };
  const { log, notes: notesOnLog } = await readLoggedCalls({ file, key }, connect);
  const { actions, notes } = actionsOfAuditLog(log);
  if (known.length + actions.length === 0) {
    const message = 'The audit log shows nothing to allow.';
    const hint = notesOnLog.join(' ');
    throw file === undefined
      ? new VastaiError('not_found', message, { hint })
      : new UsageError(message, hint);
  }
  return {
    actions: [...known, ...actions],
    notes: [...notesOnKnown, ...notesOnLog, ...notes],
    isComplete: false,
  };
}

async function readRecorded({
  'from-recording': files,
  'include-refused': includeRefused = false,
}: RequestedActions): Promise<Pick<ActionsToAllow, 'actions' | 'notes'> | undefined> {
  if (files === undefined) {
    if (includeRefused) throw new UsageError('--include-refused needs --from-recording.');
    return undefined;
  }
  const { readRecordings } = await import('../../requested-actions/recordings.js');
  const { calls, notes } = await readRecordings(files, includeRefused);
  return { actions: calls.flatMap(({ candidates }) => candidates), notes };
}
