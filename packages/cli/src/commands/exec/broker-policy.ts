import type { Policy } from '@vastai-cli/broker';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { readPermissions } from '@vastai-cli/kit/input/requested-permissions';
import type { Result } from '@vastai-cli/kit/result';
import { OTHER_ROUTES } from '@vastai-cli/permissions/catalogue/other-routes';
import { nearest } from '@vastai-cli/permissions/catalogue/spelling';
import { readAction, similarAction } from '@vastai-cli/permissions/decision/action';
import type { BrokerFlagValues } from './broker-flags.js';

/**
 * Returns what a document and operations of flags allow, or the result of the command if the document has errors.
 *
 * @throws UsageError if a file cannot be read, or a preset, a grant or an operation does not exist.
 */
export async function readPolicy(flags: BrokerFlagValues): Promise<Policy | { readonly result: Result }> {
  const { permission_file: file, preset, allow, only } = flags;
  // The broker refuses what is not known, so a document may have such parts.
  const { permissions, remarks, failure } = await readPermissions({
    file,
    preset,
    allow,
    allowUnknown: true,
  });
  if (failure !== undefined) return { result: { document: undefined, human: [], remarks, failure } };
  return {
    document: permissions,
    only: only?.map(operationOf),
  };
}

/** Returns the name of an operation that a broker knows. @throws UsageError if there is none. */
function operationOf(text: string): string {
  // They are in no catalogue, because no permission covers them.
  const others = OTHER_ROUTES.map(({ operation }) => operation);
  if (others.includes(text)) return text;
  const action = readAction('operation', text);
  const [operation] = 'operations' in action ? action.operations : [];
  if (operation !== undefined) return operation.operation;
  throw new UsageError(`--only: unknown operation ${JSON.stringify(text)}.`, hintFor(text, others));
}

function hintFor(text: string, others: readonly string[]): string {
  const ofCommand = readAction('command', text);
  if ('operations' in ofCommand && ofCommand.operations.length > 0) {
    const names = new Set(ofCommand.operations.map(({ operation }) => operation));
    return `For that command: --only ${[...names].join(' ')}`;
  }
  if (/[\s,]/u.test(text.trim())) return 'Separate operations with spaces: --only user.show instance.show';
  const meant = similarAction('operation', text.toLowerCase()) ?? nearest(text.toLowerCase(), others, 3)[0];
  return meant === undefined ? 'To list them, run: vastai permissions operations' : `Did you mean ${meant}?`;
}
