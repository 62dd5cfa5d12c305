import { UsageError } from '@vastai-cli/core/internal/base/errors';
import {
  type Action,
  type ActionKind,
  type Parameters,
  readAction,
  similarAction,
} from '@vastai-cli/permissions/decision/action';
import { quote } from '@vastai-cli/permissions/json/quote';

/**
 * Reads an action typed as the value of a flag; see `readAction`.
 *
 * @throws UsageError if a request is not `METHOD /path`, a command is more than one, or a
 * command or an operation is not in the catalogue.
 */
export function requireAction(kind: ActionKind, text: string, parameters?: Parameters): Action {
  const action = readAction(kind, text, parameters);
  if (!('problem' in action)) return action;
  if (kind === 'request') {
    throw new UsageError(
      'A request must be a method and a path or URL.',
      "For example: --request 'DELETE /api/v0/instances/5/'",
    );
  }
  if (action.problem === 'malformed') {
    throw new UsageError(
      'A command must be a single command, without ";", "&", "|" or a line break.',
      'To give several commands, repeat --command.',
    );
  }
  const meant = similarAction(kind, text);
  throw new UsageError(
    `Unknown ${kind} ${quote(action.name ?? text.trim())}.`,
    meant === undefined
      ? 'To list operations and commands: vastai permissions operations WORD'
      : `Did you mean "${meant}"?`,
  );
}

/** Returns one sentence for each thing that was given with an action and does not count. */
export function notesOn({ name, origin, unused = [] }: Action): string[] {
  return [
    ...unused.map((parameter) => `${quote(name)} does not use ${quote(parameter)}.`),
    ...(origin === undefined
      ? []
      : [`${origin} is not the API of Vast.ai: a permission document says nothing about requests to it.`]),
  ];
}
