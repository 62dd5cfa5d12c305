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
 * Reads what a key is to do, as it was typed for a flag; see `readAction`.
 *
 * @throws UsageError for a request that is not `METHOD /path`, and for a command or an operation that the catalogue
 *   does not have.
 */
export function requireAction(kind: ActionKind, text: string, parameters?: Parameters): Action {
  const action = readAction(kind, text, parameters);
  if (!('problem' in action)) return action;
  if (kind === 'request') {
    throw new UsageError(
      'A request is a method and a path.',
      "For example: --request 'DELETE /api/v0/instances/5/'",
    );
  }
  const meant = similarAction(kind, text);
  throw new UsageError(
    `The catalogue has no ${kind} ${quote(text.trim())}.`,
    meant === undefined ? 'All of them are in docs/permissions-catalogue.md.' : `Did you mean "${meant}"?`,
  );
}
