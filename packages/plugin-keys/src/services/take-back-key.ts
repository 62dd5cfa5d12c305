import { deleteApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { isVastaiError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import type { Granted } from './compare-granted.js';
import type { MakingContext } from './making-context.js';
import { withNotice } from './with-notice.js';

/**
 * Deletes a key that came out wider than it was asked for, before anybody has it.
 *
 * @returns what the command ends with: `findings`, or `interrupted` where the deletion was given up.
 */
export async function takeBackKey(
  id: number,
  { summary, newAccess }: Extract<Granted, { comparison: 'wider' }>,
  { patientClient: client, output, interruption }: MakingContext,
): Promise<VastaiError> {
  const data = { id, new_access: newAccess };
  const advice = `Delete it: ${client.command(`delete api-key ${id}`)}`;
  const notice = () =>
    output.warn(`Interrupted. API key ${id} is still being deleted again: ${summary} ${advice}`);
  try {
    await withNotice(interruption, notice, () => deleteApiKey(client, id));
    return new VastaiError('findings', `${summary} It was deleted again.`, {
      hint: 'To keep such a key anyway, add --keep.',
      data: { ...data, deleted: true },
    });
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    const code = error.code === 'interrupted' ? error.code : 'findings';
    return new VastaiError(code, `${summary} API key ${id} could not be deleted again. ${error.message}`, {
      hint: `Nobody has its value. ${advice}`,
      data: { ...data, deleted: false },
      cause: error,
    });
  }
}
