import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The part of a path that this user may not access. */
export interface Obstacle {
  readonly path: string;
  readonly uid: number;
  readonly isFolder: boolean;
}

/**
 * Finds the reason why the system denied access to `path`: a folder above it that this user may not search or write to, or
 * the file itself for `read`. Returns `undefined` for any other reason, and on Windows.
 */
export function obstacleOf(action: string, path: string): Obstacle | undefined {
  if (process.platform === 'win32') return undefined;
  let nearest = '/';
  for (const folder of foldersAbove(path)) {
    const stat = statOf(folder);
    if (stat === undefined) break;
    if (!mayUse(folder, constants.X_OK)) return { path: folder, uid: stat.uid, isFolder: stat.isDirectory() };
    nearest = folder;
  }
  const place = action === 'read' ? path : nearest;
  const stat = statOf(place);
  if (stat === undefined || mayUse(place, action === 'read' ? constants.R_OK : constants.W_OK))
    return undefined;
  return { path: place, uid: stat.uid, isFolder: stat.isDirectory() };
}

/** Returns the file above `path` that should be a folder. */
export function fileInPlaceOfFolder(path: string): string | undefined {
  return foldersAbove(path).find((folder) => statOf(folder)?.isFile());
}

function mayUse(path: string, mode: number): boolean {
  try {
    accessSync(path, mode);
    return true;
  } catch {
    return false;
  }
}

function statOf(path: string): Stats | undefined {
  try {
    return statSync(path);
  } catch {
    return undefined;
  }
}

/** Returns the folders above a path, from the root down. */
function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [...foldersAbove(above), above];
}
