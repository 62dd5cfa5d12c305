import { constants, fstatSync, readFileSync, statSync } from 'node:fs';

/**
 * Returns true if standard output may have been closed before the process started (`>&-`). Node then opens the null device
 * for reading and writing, so every write succeeds and the output is lost. Programs that start others open it the same way
 * to discard their output, as Python's `subprocess.DEVNULL` does, and nobody can tell the two apart. It is never true for
 * `> /dev/null`, and only on Linux.
 */
export function mayStdoutBeClosed(): boolean {
  return accessToNull(1) === constants.O_RDWR;
}

/**
 * Returns true if nohup started this command. nohup makes a process ignore SIGHUP, but Node resets that when it starts.
 * GNU nohup also replaces a terminal as standard input with a write-only null device, which this detects.
 */
export function isUnderNohup(): boolean {
  return accessToNull(0) === constants.O_WRONLY;
}

/** Returns whether a descriptor, by default standard output, may be a terminal, without opening a stream, which takes 3 ms. */
export function mayBeTerminal(fd = 1): boolean {
  try {
    return process.platform === 'win32' || (fstatSync(fd).isCharacterDevice() && !isNull(fd));
  } catch {
    return true;
  }
}

/** Returns true if standard output is discarded, as with `> /dev/null`. */
export function isStdoutDiscarded(): boolean {
  return isNull(1);
}

/** Returns the access mode of a stream that is the null device; `undefined` for other streams, and outside Linux. */
function accessToNull(fd: number): number | undefined {
  return isNull(fd) ? accessMode(fd) : undefined;
}

/** Returns the access mode of a file descriptor, such as `O_RDONLY`; `undefined` outside Linux. */
export function accessMode(fd: number): number | undefined {
  if (process.platform !== 'linux') return undefined;
  try {
    const flags = /^flags:\s*([0-7]+)$/mu.exec(readFileSync(`/proc/self/fdinfo/${fd}`, 'utf8'))?.[1];
    return flags === undefined
      ? undefined
      : Number.parseInt(flags, 8) & (constants.O_WRONLY | constants.O_RDWR);
  } catch {
    return undefined;
  }
}

/** Returns true if a descriptor is the null device, which is a character device, as a terminal is. */
export function isNull(fd: number): boolean {
  try {
    const stat = fstatSync(fd);
    return stat.isCharacterDevice() && stat.rdev === statSync('/dev/null').rdev;
  } catch {
    return false;
  }
}
