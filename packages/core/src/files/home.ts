import { statSync } from 'node:fs';
import { devNull, homedir, userInfo } from 'node:os';
import { isAbsolute, sep } from 'node:path';
import type { Advice } from '../base/advice.js';
import { StorageError } from '../base/errors.js';

/**
 * Finds the user's home: HOME, else what the system has on record for the user. An empty or relative HOME would
 * make the current folder the home, and that may be anybody's.
 *
 * @returns the null device where neither names a folder, as in a container whose user id has no name: nothing can be
 *   below it, so everything that only reads goes on and finds nothing.
 */
export function homeFolder(): string {
  const { HOME } = process.env;
  // What `homedir` would say, which is not worth loading a module for.
  if (process.platform !== 'win32' && HOME !== undefined && isAbsolute(HOME)) return HOME;
  return absolute(homedir) ?? absolute(() => userInfo().homedir) ?? devNull;
}

/** Recognises a path in a home that does not exist, so that a write there fails for the real reason. */
export function homeError(path: string): StorageError | undefined {
  const home = homeFolder();
  // `.` begins every name that is put into a home; XDG_CONFIG_HOME=/dev/null is another matter.
  const isHomeless = home === devNull && path.startsWith(`${devNull}${sep}.`);
  if (!isHomeless && !(isBelow(path, home) && isFile(home))) return undefined;
  const given = process.env.HOME;
  const isUnset = given === undefined || given === '' || given === devNull;
  const why = isUnset ? 'HOME is not set' : `HOME is not set to the absolute path of a folder (${given})`;
  return new StorageError(
    `${why}, so nothing can be kept here.`,
    'Set HOME to a folder of yours, or pass the key in VAST_API_KEY.',
  );
}

/** Advises to save a key, or says why nothing can be kept at `path`. */
export function adviceToSave(path: string): readonly Advice[] {
  const homeless = homeError(path);
  if (homeless === undefined) return [{ do: 'save-key' }];
  const text = `${homeless.message} Set HOME to a folder of yours.`;
  return [{ do: 'say', text }, { do: 'pass-key' }];
}

/** Whether a path is in a folder, at whatever depth. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** The system throws for a user id that it has no name for, when HOME does not say either. */
function absolute(ask: () => string): string | undefined {
  try {
    const path = ask();
    return isAbsolute(path) ? path : undefined;
  } catch {
    return undefined;
  }
}

function isFile(path: string): boolean {
  try {
    return !statSync(path).isDirectory();
  } catch {
    return false;
  }
}
