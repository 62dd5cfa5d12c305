import { dayOf } from '@vastai-cli/core/internal/base/server-time';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { createdName } from '@vastai-cli/core/internal/credentials/unsaved-key';
import type { Client } from '@vastai-cli/core/internal/http/client';
import type { OpenRotation } from '@vastai-cli/core/internal/operations/rotate/open-rotations';
import type { Rotated } from '@vastai-cli/core/internal/operations/rotate/rotation';
import { adviceText } from '@vastai-cli/kit/render/advice';
import type { AdviceTarget } from '@vastai-cli/kit/render/advice-target';
import { placeOf } from '@vastai-cli/kit/render/place';
import { line, note, type Remark, type Result, sentence, warning } from '@vastai-cli/kit/result';
import { keepUnprinted } from '../../keys/unprinted-key.js';

/** Returns the result of a rotation. A new key that is not saved is printed. */
export function rotationResult(rotated: Rotated, context: Context, client: Client): Result {
  return rotated.saved === undefined ? printed(rotated, context, client) : saved(rotated, client);
}

/** Returns the result if no rotation of the key in use is open. It names the others: a variable may hide the saved key. */
export function nothingOpen(others: readonly OpenRotation[], target: AdviceTarget): Result {
  return {
    document: { old: null, new: null, storage: null, location: null, deleted: false },
    human: [
      sentence(others.length === 0 ? 'No rotation is unfinished.' : 'No rotation of this key is unfinished.'),
    ],
    remarks: others.map(({ problem: { message, fix } }) => note(`${message} ${adviceText(fix, target)}`)),
  };
}

function saved(rotated: Rotated, client: Client): Result {
  const { old, made, deleted, finishAfter, undeletable } = rotated;
  const location = rotated.saved?.location ?? null;
  const text = `Replaced API key ${called(old)} with ${called(made)}. The new key ${made.key} is in ${placeOf(location ?? '')}.`;
  return {
    document: {
      old,
      new: { id: made.id, name: made.name, suffix: made.key.suffix },
      storage: rotated.saved?.storage ?? null,
      location,
      deleted,
      ...(finishAfter === undefined ? {} : { finish_after: finishAfter }),
    },
    human: [sentence(deleted ? `${text} The old one was deleted.` : text)],
    remarks: [
      ...expiryNote(rotated, client),
      ...(finishAfter === undefined ? [] : [note(keptUntil(old.id, finishAfter, client))]),
      ...(undeletable === undefined ? [] : [warning(`The old key still works. ${undeletable}`)]),
    ],
  };
}

function expiryNote({ expires }: Rotated, client: Client): readonly Remark[] {
  if (expires === undefined) return [];
  const prune = client.command('prune api-keys --expired');
  return [
    note(
      `The new key expires on ${dayOf(expires)}, like the old one. Vast.ai does not know the date, so delete the key then: ${prune}`,
    ),
  ];
}

function keptUntil(id: number, time: number, client: Client): string {
  const command = client.command('rotate api-key --finish');
  return `The old key ${id} still works, and is not deleted automatically. On ${dayOf(time)}, or once nothing uses it, run: ${command}`;
}

function printed(rotated: Rotated, { paths }: Context, client: Client): Result {
  const { old, made, kept } = rotated;
  const { id, name, key } = made;
  const deletion = client.command(`delete api-key ${old.id}`);
  const deletionOfNew = client.command(`delete api-key ${id}`);
  const text = `Created API key ${called(made)} with the permissions of ${called(old)}. It is not shown again. The old key still works. Once nothing uses it, delete it: ${deletion}`;
  return {
    document: {
      old,
      new: { id, name, suffix: key.suffix },
      storage: null,
      location: null,
      deleted: false,
      key: key.reveal(),
    },
    human: [line(key.reveal())],
    remarks: [note(text), ...expiryNote(rotated, client)],
    delivery: {
      arrived: async (): Promise<readonly Remark[]> => {
        try {
          await kept?.remove();
          return [];
        } catch {
          return [warning(`A copy of the new key is still in ${kept?.path}. Remove that file.`)];
        }
      },
      lost: (error) =>
        keepUnprinted(error, { key, kept, name: createdName(id), deletion: deletionOfNew }, paths),
    },
  };
}

function called({ id, name }: { readonly id: number; readonly name: string | null }): string {
  return name === null ? String(id) : `${id} "${serverText(name)}"`;
}
