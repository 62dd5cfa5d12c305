import type { Advice } from '../base/advice.js';
import { ApiKey } from '../base/api-key.js';
import { type Environment, isInBroker } from '../base/environment.js';
import { isVastaiError } from '../base/errors.js';
import { holdsKey, maskKeyLike } from '../base/key-like.js';
import { explainFileError } from '../files/file-error.js';
import { readNamedFile } from '../files/named-file.js';
import { readKeyBytes } from '../secrets/key-text.js';
import { ABSENT, type Lookup, unreadable } from '../secrets/lookup.js';
import { parsePastedKey } from '../secrets/pasted-key.js';
import type { Source } from './source.js';

/** Size limit of a file named by VAST_API_KEY_FILE, which normally has a few dozen bytes. */
const MAX_BYTES = 64 * 1024;

/** Returns the source of `--api-key`. */
export function flagSource(value: string | undefined): Source {
  const check = 'Check the key passed with --api-key for a typo.';
  return {
    ...EXPLICIT,
    name: 'flag',
    location: '--api-key',
    faultOf: 'usage',
    whenRejected: [{ do: 'say', text: check }, { do: 'make-key' }],
    whenTwoFactor: SAVE_FIRST,
    toUseSaved: 'Leave out --api-key to use the saved key.',
    read: async () => (value === undefined ? ABSENT : readKeyText(value, '--api-key')),
  };
}

/** Returns the source of `VAST_API_KEY`. */
export function environmentSource(environment: Environment): Source {
  const value = environment.VAST_API_KEY;
  return {
    ...EXPLICIT,
    name: 'env',
    location: 'VAST_API_KEY',
    faultOf: 'usage',
    whenRejected: isInBroker(environment)
      ? [{ do: 'say', text: USE_TOKEN }]
      : [{ do: 'unset', variable: 'VAST_API_KEY' }, { do: 'make-key' }],
    whenTwoFactor: isInBroker(environment) ? [{ do: 'say', text: ASK_TO_LOG_IN }] : SAVE_FIRST,
    toUseSaved: [{ do: 'unset', variable: 'VAST_API_KEY', purpose: USE_SAVED }],
    read: async () => (value === undefined ? ABSENT : readKeyText(value, 'VAST_API_KEY')),
  };
}

/** Returns the source of `VAST_API_KEY_FILE`. It follows symbolic links, since container secrets are links. */
export function environmentFileSource(environment: Environment): Source {
  const path = environment.VAST_API_KEY_FILE;
  return {
    ...EXPLICIT,
    name: 'env_file',
    location: path === undefined ? 'VAST_API_KEY_FILE' : `VAST_API_KEY_FILE (${shown(path)})`,
    faultOf: 'storage',
    whenRejected: [correctFile(path ?? ''), { do: 'make-key' }],
    whenTwoFactor: SAVE_FIRST,
    toUseSaved: [{ do: 'unset', variable: 'VAST_API_KEY_FILE', purpose: USE_SAVED }],
    read: async () => (path === undefined ? ABSENT : readKeyOf(path)),
  };
}

const USE_SAVED = 'To use the saved key';

/** Says to a program of a broker run which key it has. */
export const USE_TOKEN = 'Use the VAST_API_KEY that vastai exec --broker gave to this program.';

const ASK_TO_LOG_IN = 'Ask the person who started this run to log in with a second factor.';
/** Advises what gives a key a session, which only a saved key can have. */
const SAVE_FIRST: readonly Advice[] = [
  { do: 'save-key', purpose: 'A session belongs to a saved key. Save it' },
  { do: 'tfa-login', purpose: 'Then log in' },
  { do: 'pass-session', purpose: 'To pass the session to a program that needs a variable' },
];

/** Fields that all explicit sources share. */
const EXPLICIT = { boundOrigin: undefined, searched: true, configured: false, isFree: true } as const;

/** Reads a key from a flag or a variable. */
export function readKeyText(text: string, place: string): Lookup {
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

/** Reads a key file that was named explicitly. A missing or empty one is an error, not an absent key. */
async function readKeyOf(path: string): Promise<Lookup> {
  const fix = [{ do: 'unset', variable: 'VAST_API_KEY_FILE' }] as const;
  try {
    const bytes = await readNamedFile(path, MAX_BYTES);
    if (bytes.length > MAX_BYTES)
      return unreadable('not_a_key', `${shown(path)} is too large to be a key file.`, fix);
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

/** Returns a path for a message. Masks a key that was given instead of a path. */
function shown(path: string): string {
  return holdsKey(path) ? maskKeyLike(path) : path;
}
