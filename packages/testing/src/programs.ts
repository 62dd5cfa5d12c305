import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Returns whether this machine has all of these programs; tests are skipped where one is missing. With
 * VASTAI_TEST_NO_SKIP=1 none is skipped: they run, and fail by what is missing.
 */
export function installed(...programs: readonly string[]): boolean {
  return process.env.VASTAI_TEST_NO_SKIP === '1' || programs.every(isInstalled);
}

function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((folder) => {
    try {
      accessSync(join(folder, program), constants.X_OK);
      return true;
    } catch {
      return false;
    }
  });
}
