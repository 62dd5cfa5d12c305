import { constants, fstatSync, readFileSync, statSync } from 'node:fs';

/**
 * Tells whether standard output was closed before the start (`>&-`). Node opens the null device in its place, for
 * reading too, where every write succeeds and goes nowhere. Only Linux tells that from `> /dev/null`, which is
 * somebody's wish.
 */
export function isStdoutClosed(): boolean {
  return accessToNull(1) === constants.O_RDWR;
}

/**
 * Tells whether nohup started this command. It makes the process ignore SIGHUP, which Node undoes at its start; what
 * remains to be seen is the input that GNU's nohup gives in place of a terminal: a null device for writing only.
 */
export function isUnderNohup(): boolean {
  return accessToNull(0) === constants.O_WRONLY;
}

/** Tells whether what is written to standard output goes nowhere, as with `> /dev/null`. */
export function isStdoutDiscarded(): boolean {
  return isNull(1);
}

/** Says how a stream has the null device open; `undefined` where it is something else, and outside of Linux. */
function accessToNull(fd: number): number | undefined {
  if (process.platform !== 'linux' || !isNull(fd)) return undefined;
  try {
    const flags = /^flags:\s*([0-7]+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags === undefined
      ? undefined
      : Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR);
  } catch {
    return undefined;
  }
}

function isNull(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev === statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}
