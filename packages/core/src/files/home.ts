import { statSync } from 'node:fs';
import { devNull, homedir, userInfo } from 'node:os';
import { isAbsolute, sep } from 'node:path';
import type { Advice } from '../base/advice.js';
import { readEnvironment } from '../base/environment.js';
import { StorageError } from '../base/errors.js';

/**
 * Returns the user's home: HOME, or else the home in the system's user database. Ignores an empty or relative HOME, which
 * would make the current folder the home, and that may belong to anybody.
 *
 * @returns the null device if neither names a folder, as in a container whose user id has no entry: no file can be below
 *   it, so reads find nothing and go on.
 */
export function homeFolder(): string {
  const { HOME } = readEnvironment(process.env);
  // The same as `homedir`, without loading a module.
  if (process.platform !== 'win32' && HOME !== undefined && isAbsolute(HOME)) return HOME;
  return absolute(homedir) ?? absolute(() => userInfo().homedir) ?? devNull;
}

/** Returns the error for a path in a home that does not exist, so that a write there fails with the real reason. */
export function homeError(path: string): StorageError | undefined {
  const home = homeFolder();
  // Every name that vastai puts into a home begins with "."; XDG_CONFIG_HOME=/dev/null is a different case.
  const isHomeless = home === devNull && path.startsWith(`${devNull}${sep}.`);
  if (!isHomeless && !(isBelow(path, home) && isFile(home))) return undefined;
  const { HOME: given } = readEnvironment(process.env);
  const isUnset = given === undefined || given === devNull;
  const why = isUnset ? 'HOME is not set' : `HOME is not set to the absolute path of a folder (${given})`;
  return new StorageError(
    `${why}, so keys cannot be saved.`,
    'Set HOME to a folder that you own, or pass the key in VAST_API_KEY.',
  );
}

/** Advises saving a key, or says why none can be saved at `path`. */
export function adviceToSave(path: string): readonly Advice[] {
  const homeless = homeError(path);
  if (homeless === undefined) return [{ do: 'save-key' }];
  const text = `${homeless.message} Set HOME to a folder that you own.`;
  return [{ do: 'say', text }, { do: 'pass-key' }];
}

/** Returns true if a path is in a folder, at any depth. */
export function isBelow(path: string, folder: string): boolean {
  return path.startsWith(folder.endsWith(sep) ? folder : `${folder}${sep}`);
}

/** Returns what `ask` returns if it is absolute. Node throws for a user id without an entry, unless HOME is set. */
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
