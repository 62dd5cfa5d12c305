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
  return given('flag', '--api-key', 'usage', async () =>
    value === undefined ? ABSENT : readKeyText(value, '--api-key'),
  );
}

/** The key of `VAST_API_KEY`. */
export function environmentSource(environment: Environment): Source {
  const value = environment.VAST_API_KEY;
  return given('env', 'VAST_API_KEY', 'usage', async () =>
    value === undefined ? ABSENT : readKeyText(value, 'VAST_API_KEY'),
  );
}

/** The key in the file that `VAST_API_KEY_FILE` names. Symbolic links are followed: container secrets are some. */
export function environmentFileSource(environment: Environment): Source {
  const path = environment.VAST_API_KEY_FILE;
  const location = path === undefined ? 'VAST_API_KEY_FILE' : `VAST_API_KEY_FILE (${shown(path)})`;
  return given('env_file', location, 'storage', async () => (path === undefined ? ABSENT : readKeyOf(path)));
}

function given(name: Source['name'], location: string, blame: Source['blame'], read: Source['read']): Source {
  return { name, location, savedFor: undefined, consulted: true, recorded: false, blame, read };
}

function readKeyText(text: string, place: string): Reading {
  const key = parsePastedKey(text);
  if (key instanceof ApiKey) return { state: 'present', key };
  return unreadable('not_a_key', `The key of ${place} ${key.what}.`, key.remedy);
}

/** Whoever names a file means it: one that is missing or empty is an error here, not an absent key. */
async function readKeyOf(path: string): Promise<Reading> {
  const fix = 'Correct VAST_API_KEY_FILE, or unset it.';
  try {
    const bytes = await readNamedFile(path, MAX_BYTES);
    if (bytes.length > MAX_BYTES)
      return unreadable('not_a_key', `${shown(path)} is too large to hold a key.`, fix);
    const reading = readKeyBytes(bytes, shown(path));
    if (reading.state === 'absent') return unreadable('empty_file', `${shown(path)} is empty.`, fix);
    return reading.state === 'unreadable'
      ? unreadable(reading.problem.code, reading.problem.message, fix)
      : reading;
  } catch (error) {
    const { message } = isVastaiError(error) ? error : explainFileError('read', path, error);
    return unreadable('unreadable', message.replaceAll(path, shown(path)), fix);
  }
}

/** Gives the path for a message: a key that stands in its place is masked. */
function shown(path: string): string {
  return holdsKey(path) ? maskKeyLike(path) : path;
}
