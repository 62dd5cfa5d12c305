import { closeSync, fstatSync } from 'node:fs';
import { isNull } from './standard-streams.js';

/**
 * Lets this process end in order even if its terminal has been closed by then.
 *
 * Node restores the settings of a terminal at the end, and aborts if it cannot. An abort may dump the memory, with a key in
 * it, to a file.
 */
export function endWithoutTerminal(): void {
  process.once('exit', () => {
    for (const fd of [0, 1, 2]) if (isDevice(fd) && !isTerminal(fd)) closeSync(fd);
  });
}

/** Returns true for what may be a terminal. One that was closed is still a device, but no longer a terminal. */
function isDevice(fd: number): boolean {
  try {
    return fstatSync(fd).isCharacterDevice() && !isNull(fd);
  } catch {
    return false;
  }
}

/** Asks a module that brings all of Node's streams, which takes 3 ms: few runs have a device to ask about. */
function isTerminal(fd: number): boolean {
  return process.getBuiltinModule('node:tty').isatty(fd);
}
