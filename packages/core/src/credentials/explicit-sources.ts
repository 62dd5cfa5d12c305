import type { Advice } from '../base/advice.js';
import { ApiKey } from '../base/api-key.js';
import type { Environment } from '../base/environment.js';
import { isVastaiError } from '../base/errors.js';
import { holdsKey, maskKeyLike } from '../base/key-like.js';
import { explainFileError } from '../files/file-error.js';
import { readNamedFile } from '../files/named-file.js';
import { readKeyBytes } from '../secrets/key-text.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import { parsePastedKey } from '../secrets/pasted-key.js';
import type { Source } from './source.js';

/** A key file of a container is a few dozen bytes; more than this is some other file. */
const MAX_BYTES = 64 * 1024;

/** The key of `--api-key`. */
export function flagSource(value: string | undefined): Source {
  const check = 'Check the key that was passed with --api-key for a typo.';
  return given('flag', '--api-key', 'usage', [{ do: 'say', text: check }, { do: 'make-key' }], async () =>
    value === undefined ? ABSENT : readKeyText(value, '--api-key'),
  );
}

/** The key of `VAST_API_KEY`. */
export function environmentSource(environment: Environment): Source {
  const value = environment.VAST_API_KEY;
  const correct = [{ do: 'unset', variable: 'VAST_API_KEY' }, { do: 'make-key' }] as const;
  return given('env', 'VAST_API_KEY', 'usage', correct, async () =>
    value === undefined ? ABSENT : readKeyText(value, 'VAST_API_KEY'),
  );
}

/** The key in the file that `VAST_API_KEY_FILE` names. Symbolic links are followed: container secrets are some. */
export function environmentFileSource(environment: Environment): Source {
  const path = environment.VAST_API_KEY_FILE;
  const location = path === undefined ? 'VAST_API_KEY_FILE' : `VAST_API_KEY_FILE (${shown(path)})`;
  const correct = [correctFile(path ?? ''), { do: 'make-key' }] as const;
  return given('env_file', location, 'storage', correct, async () =>
    path === undefined ? ABSENT : readKeyOf(path),
  );
}

function given(
  name: Source['name'],
  location: string,
  faultOf: Source['faultOf'],
  whenRejected: readonly Advice[],
  read: Source['read'],
): Source {
  return {
    name,
    location,
    boundOrigin: undefined,
    searched: true,
    configured: false,
    faultOf,
    whenRejected,
    read,
  };
}

function readKeyText(text: string, place: string): Lookup {
  const key = parsePastedKey(text);
  if (key instanceof ApiKey) return { state: 'present', key };
  const { what, remedy } = key;
  return unreadable(
    'not_a_key',
    `The key of ${place} ${what}.`,
    place === '--api-key'
      ? remedy
      : [
          { do: 'say', text: remedy },
          { do: 'unset', variable: place },
        ],
  );
}

/** Reads a file that was named: one that is missing or empty is an error here, not an absent key. */
async function readKeyOf(path: string): Promise<Lookup> {
  const fix = [{ do: 'unset', variable: 'VAST_API_KEY_FILE' }] as const;
  try {
    const bytes = await readNamedFile(path, MAX_BYTES);
    if (bytes.length > MAX_BYTES)
      return unreadable('not_a_key', `${shown(path)} is too large to hold a key.`, fix);
    const lookup = readKeyBytes(bytes, shown(path));
    if (lookup.state === 'absent')
      return unreadable('empty_file', `${shown(path)} is empty.`, [correctFile(path)]);
    return lookup.state === 'unreadable'
      ? unreadable(lookup.problem.code, lookup.problem.message, [correctFile(path)])
      : lookup;
  } catch (error) {
    const { message } = isVastaiError(error) ? error : explainFileError('read', path, error);
    return unreadable('unreadable', message.replaceAll(path, shown(path)), fix);
  }
}

function correctFile(path: string): Advice {
  const purpose = `Correct the key in ${shown(path)}, or unset the variable that names it`;
  return { do: 'unset', variable: 'VAST_API_KEY_FILE', purpose };
}

/** Gives the path for a message: a key that stands in its place is masked. */
function shown(path: string): string {
  return holdsKey(path) ? maskKeyLike(path) : path;
}
