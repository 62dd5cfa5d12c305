import type { Advice } from '../base/advice.js';
import { ApiKey } from '../base/api-key.js';
import { guidanceOf, StorageError } from '../base/errors.js';
import { readPrivateFile } from '../files/private-file.js';
import { ABSENT, type Lookup, type Problem, unreadable } from './lookup.js';
import { parsePastedKey } from './pasted-key.js';

const SAVE_AGAIN: readonly Advice[] = [{ do: 'save-key', purpose: 'Save the key again' }];

interface KeyBytesOptions {
  readonly problems?: readonly Problem[];
  readonly origin?: 'person' | 'program';
}

/**
 * Reads the bytes of a stored key: UTF-8, one word, white space around it. An empty file holds no key.
 *
 * @param origin who put it there: a person may have copied an example with it, a program has not
 */
export function readKeyBytes(
  bytes: Uint8Array,
  place: string,
  { problems = [], origin = 'person' }: KeyBytesOptions = {},
): Lookup {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return unreadable('not_utf8', `${place} is not UTF-8 text.`, SAVE_AGAIN);
  }
  if (text.trim() === '') return ABSENT;
  const key = parsePastedKey(text, origin);
  if (!(key instanceof ApiKey)) {
    return unreadable('not_a_key', `${place} does not hold one key: it ${key.what}.`, SAVE_AGAIN);
  }
  return { state: 'present', key, problems };
}

/** Reads a file that holds a key; a mode that lets others read it is a problem, not a refusal. */
export async function readKeyFile(path: string): Promise<Lookup> {
  try {
    const file = await readPrivateFile(path);
    if (file === undefined) return ABSENT;
    const open = file.mode !== undefined && (file.mode & 0o077) !== 0;
    return readKeyBytes(file.bytes, path, {
      problems: open ? [modeProblem(path, file.mode, file.target)] : [],
    });
  } catch (error) {
    if (!(error instanceof StorageError)) throw error;
    return unreadable('unreadable', error.message, guidanceOf(error));
  }
}

/** A linked file keeps its mode: `config migrate` leaves what a link leads to alone. */
function modeProblem(path: string, mode: number, target: string | undefined): Problem {
  return {
    code: 'file_mode',
    message: `${path} can be read or written by others (mode 0${mode.toString(8)}).`,
    fix:
      target === undefined
        ? [{ do: 'migrate', purpose: '' }]
        : [{ do: 'make-private', path: target, purpose: '' }],
  };
}
