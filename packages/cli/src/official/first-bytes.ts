import { closeSync, constants, openSync, readSync } from 'node:fs';

/** Reads no more of a program than this. */
const COUNT = 4096;

/** Returns the first 4 KiB of a program as Latin-1; empty if they cannot be read. */
export function firstBytes(program: string): string {
  try {
    const file = openSync(program, constants.O_RDONLY | (constants.O_NONBLOCK ?? 0));
    try {
      const bytes = Buffer.alloc(COUNT);
      return bytes.toString('latin1', 0, readSync(file, bytes));
    } finally {
      closeSync(file);
    }
  } catch {
    return '';
  }
}
