import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { guidanceOf } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { cleanUpEphemeralKeys } from '@vastai-cli/core/internal/operations/ephemeral/clean-up';
import { wayToDelete } from '@vastai-cli/core/internal/operations/ephemeral/delete';
import { type Finding, info, problem } from './finding.js';

/** Deletes the keys that killed runs of `exec --ephemeral` left, and reports those that it could not delete. */
export async function checkEphemeralKeys(context: Context, key: ApiKey, client: Client): Promise<Finding[]> {
  const { deleted, failed, ofOthers, unwritten } = await cleanUpEphemeralKeys({
    place: context,
    origin: context.url.origin,
    key,
    client: async () => client,
  });
  return [
    ...deleted.map(({ name }) => info('ephemeral', `Deleted the key “${name}” of a run that was killed.`)),
    ...failed.map((left) =>
      problem(
        'ephemeral',
        `The key “${left.entry.name}” of a run that was killed could not be deleted. ${left.error.message}`,
        wayToDelete(left),
      ),
    ),
    ...(unwritten === undefined
      ? []
      : [
          problem(
            'ephemeral',
            `Deleted keys could not be removed from the ledger. ${unwritten.message}`,
            guidanceOf(unwritten),
          ),
        ]),
    ...ofOthers.map((entry) => ({
      ...info(
        'ephemeral',
        `The key “${entry.name}” of a run that was killed may still exist. To find out, run doctor with the key that created it.`,
      ),
      fix: wayToDelete({ entry }),
    })),
  ];
}
