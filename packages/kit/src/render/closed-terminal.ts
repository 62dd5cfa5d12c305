import { closeSync, fstatSync } from 'node:fs';

/**
 * Lets this process end in order even if its terminal has been closed by then.
 *
 * Node restores the settings of a terminal at the end, and aborts if it cannot. An abort may dump the memory, with a key in
 * it, to a file.
 */
export function endWithoutTerminal(): void {
  process.once('exit', () => {
    // Few runs need this module, so it is not loaded at the start.
    const { isatty } = process.getBuiltinModule('node:tty');
    for (const fd of [0, 1, 2]) {
      // A terminal that was closed is still a device, but no longer a terminal.
      if (isDevice(fd) && !isatty(fd)) closeSync(fd);
    }
  });
}

function isDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice();
  } catch {
    return false;
  }
}
