import type { Advice } from '../advice.js';
import type { Environment } from '../config/environment.js';
import { explainFileError } from '../config/file-error.js';
import { readNamedFile } from '../config/named-file.js';
import { isVastaiError } from '../errors.js';
import { ApiKey } from './api-key.js';
import { holdsKey, maskKeyLike } from './key-like.js';
import { readKeyBytes } from './key-text.js';
import { parsePastedKey } from './pasted-key.js';
import { ABSENT, type Reading, unreadable } from './reading.js';
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
  blame: Source['blame'],
  whenRejected: readonly Advice[],
  read: Source['read'],
): Source {
  return { name, location, savedFor: undefined, consulted: true, recorded: false, blame, whenRejected, read };
}

function readKeyText(text: string, place: string): Reading {
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
async function readKeyOf(path: string): Promise<Reading> {
  const fix = [{ do: 'unset', variable: 'VAST_API_KEY_FILE' }] as const;
  try {
    const bytes = await readNamedFile(path, MAX_BYTES);
    if (bytes.length > MAX_BYTES)
      return unreadable('not_a_key', `${shown(path)} is too large to hold a key.`, fix);
    const reading = readKeyBytes(bytes, shown(path));
    if (reading.state === 'absent')
      return unreadable('empty_file', `${shown(path)} is empty.`, [correctFile(path)]);
    return reading.state === 'unreadable'
      ? unreadable(reading.problem.code, reading.problem.message, [correctFile(path)])
      : reading;
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
