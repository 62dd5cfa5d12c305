import { accessSync, constants, realpathSync, statSync } from 'node:fs';

/**
 * Returns the path of a program without symbolic links, found as the system does; `undefined` if a shell would start
 * nothing there.
 */
export function executableAt(path: string): string | undefined {
  try {
    if (!statSync(path).isFile()) return undefined;
    accessSync(path, constants.X_OK);
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}
