import type { CreatedApiKey } from '@vastai-cli/core/internal/api/api-keys';
import type { ApiResponse } from '@vastai-cli/core/internal/api/read-response';
import { createdName } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Granted } from './compare-granted.js';
import type { MakingContext } from './making-context.js';
import { printNewKey } from './print-new-key.js';

/** Prints a new key, alone on standard output, and what the API made of the permissions that were asked for. */
export async function reportNewKey(
  { value, raw }: ApiResponse<CreatedApiKey>,
  granted: Granted,
  { context, client, output }: MakingContext,
): Promise<void> {
  const { id, name, permissions, key } = value;
  const response = { value: { id, name, key: key.reveal(), permissions }, raw };
  const revoke = client.command(`delete api-key ${id}`);
  await printNewKey({ key, response, name: createdName(id), revoke }, context, output);
  output.note(`Created API key ${id} "${name}". It is shown this once; to revoke it: ${revoke}`);
  const look = client.command(`show api-key ${id}`);
  switch (granted.comparison) {
    case 'unlimited':
      output.note(
        'It has full access to the account. To limit a key, give --permission_file, --preset or --allow when it is created.',
      );
      break;
    case 'wider':
      output.warn(`${granted.summary} You asked to keep it. Look: ${look}  Delete: ${revoke}`);
      break;
    case 'narrower':
      output.note(`The API gave this key less than was asked for. Look: ${look}`);
      break;
    case 'rewritten':
      output.note(`The API wrote the permissions differently; they allow the same. Look: ${look}`);
      break;
    case 'same':
  }
}
