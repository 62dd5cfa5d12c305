import { accessSync, constants, type Stats, statSync } from 'node:fs';
import { dirname } from 'node:path';

/** The part of a path that this user has no right to. */
export interface Obstacle {
  readonly path: string;
  readonly uid: number;
  readonly isFolder: boolean;
}

/**
 * Finds what keeps this user from `path` after the system denied it: a folder above it that may not be entered or
 * written to, or for `read` the file itself. `undefined` where it is something else, as on Windows.
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

/** Finds the file that is in the place of a folder above `path`. */
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

/** The folders above a path, from the root down. */
function foldersAbove(path: string): string[] {
  const above = dirname(path);
  return above === path ? [] : [...foldersAbove(above), above];
}
