import type { Advice } from '@vastai-cli/core/internal/base/advice';
import type { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { guidanceOf } from '@vastai-cli/core/internal/base/errors';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import type { Client } from '@vastai-cli/core/internal/http/client';
import { cleanUpEphemeralKeys } from '@vastai-cli/core/internal/operations/ephemeral/clean-up';
import type { EphemeralEntry } from '@vastai-cli/core/internal/operations/ledger/entries';
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
    ...failed.map(({ entry, error }) =>
      problem(
        'ephemeral',
        `The key “${entry.name}” of a run that was killed could not be deleted. ${error.message}`,
        wayToDelete(entry),
      ),
    ),
    ...(unwritten === undefined
      ? []
      : [
          problem(
            'ephemeral',
            `Keys that are gone are still noted. ${unwritten.message}`,
            guidanceOf(unwritten),
          ),
        ]),
    ...ofOthers.map((entry) => ({
      ...info(
        'ephemeral',
        `The key “${entry.name}” of a run that was killed may still exist. Another key made it, and only doctor with that one can tell.`,
      ),
      fix: wayToDelete(entry),
    })),
  ];
}

function wayToDelete({ id }: EphemeralEntry): readonly Advice[] {
  return [id === undefined ? { do: 'list-keys' } : { do: 'delete-key', id }];
}
