import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/**
 * Returns true if all these programs are installed. Tests are skipped otherwise, but run and fail with
 * VASTAI_TEST_NO_SKIP=1.
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
