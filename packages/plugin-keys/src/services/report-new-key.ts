import { isDeepStrictEqual } from 'node:util';
import type { Answer } from '@vastai-cli/core/api/answer';
import type { CreatedApiKey } from '@vastai-cli/core/api/api-keys';
import type { Output } from '@vastai-cli/kit/output';

/**
 * Prints a new key, alone on standard output, and compares what the API says it may do with what was asked.
 *
 * @param asked the permissions that were sent; without any, the key has full access.
 */
export async function reportNewKey(
  { value, raw }: Answer<CreatedApiKey>,
  asked: Readonly<Record<string, unknown>> | undefined,
  output: Output,
): Promise<void> {
  const { id, name, permissions, key } = value;
  const shape = { id, name, key: key.reveal(), permissions };
  await output.newKey(key.reveal(), { value: shape, raw }, `Revoke it: vastai delete api-key ${id}`);
  output.note(
    `Created API key ${id} "${name}". It is shown this once; to revoke it: vastai delete api-key ${id}`,
  );
  if (asked === undefined) {
    output.note(
      'It has full access to the account. To limit a key, give --permission_file, --preset or --allow when it is created.',
    );
  } else if (permissions === null) {
    output.warn(
      `The API gave this key FULL ACCESS instead of the permissions that were asked for. Revoke it now: vastai delete api-key ${id}`,
    );
  } else if (!isDeepStrictEqual(permissions, asked)) {
    output.warn(
      `The API stored other permissions than those that were asked for. Look: vastai show api-key ${id}  Revoke: vastai delete api-key ${id}`,
    );
  }
}
