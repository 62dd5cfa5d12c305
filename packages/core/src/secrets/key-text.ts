import type { Advice } from '../base/advice.js';
import { ApiKey } from '../base/api-key.js';
import { guidanceOf, isVastaiError } from '../base/errors.js';
import { readPrivateFile } from '../files/private-file.js';
import { ABSENT, type Lookup, type Problem, unreadable } from './lookup.js';
import { parsePastedKey } from './pasted-key.js';

const SAVE_AGAIN: readonly Advice[] = [{ do: 'save-key', purpose: 'Save the key again' }];

interface KeyBytesOptions {
  readonly problems?: readonly Problem[];
  readonly origin?: 'person' | 'program';
}

/**
 * Reads the bytes of a stored key: one word of UTF-8, with optional white space around it. An empty file holds no key.
 *
 * @param place the file or entry, as messages name it
 * @param origin `person` if a person stored it, who may have pasted the placeholder of an example; a program has not
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
    return unreadable('not_a_key', `${place} does not contain exactly one key: it ${key.what}.`, SAVE_AGAIN);
  }
  return { state: 'present', key, problems };
}

/** Reads a file that holds a key. If other users can read it, the key still counts, and a problem is reported. */
export async function readKeyFile(path: string): Promise<Lookup> {
  try {
    const file = await readPrivateFile(path);
    if (file === undefined) return ABSENT;
    const open = file.mode !== undefined && (file.mode & 0o077) !== 0;
    return readKeyBytes(file.bytes, path, {
      problems: open ? [modeProblem(path, file.mode, file.target)] : [],
    });
  } catch (error) {
    if (!isVastaiError(error)) throw error;
    return unreadable('unreadable', error.message, guidanceOf(error));
  }
}

/** Describes a mode that is too open. For a link, the fix is a command: `config migrate` does not touch a link's target. */
function modeProblem(path: string, mode: number, target: string | undefined): Problem {
  return {
    code: 'file_mode',
    message: `Other users can open ${path} (mode 0${mode.toString(8)}).`,
    fix:
      target === undefined
        ? [{ do: 'migrate', purpose: '' }]
        : [{ do: 'make-private', path: target, purpose: '' }],
  };
}
