import { closeSync, constants, openSync } from 'node:fs';

/**
 * Returns true if this process has a controlling terminal, wherever its streams lead. The keys of that terminal then
 * send their signals to the whole process group. On Windows, the console does.
 */
export function hasControllingTerminal(): boolean {
  if (process.platform === 'win32') return true;
  try {
    closeSync(openSync('/dev/tty', constants.O_RDWR | constants.O_NOCTTY));
    return true;
  } catch {
    return false;
  }
}
