import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';

/** Both ends of a pipe, as file descriptors. Reading does not block; writing does. */
export interface Pipe {
  readonly reader: number;
  readonly writer: number;
}

/**
 * Opens pipes. Node itself connects programs through sockets, which a program cannot open again: `echo > /dev/stderr`
 * would fail in it.
 *
 * @returns `undefined` where the system has no named pipes, or no folder for them
 */
export function openPipes(count: number): Pipe[] | undefined {
  if (process.platform === 'win32') return undefined;
  let folder: string | undefined;
  const opened: number[] = [];
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    folder = mkdtempSync(join(tmpdir(), 'vastai-'));
    const paths = Array.from({ length: count }, (_, nth) => join(folder as string, String(nth)));
    const { status } = spawnSync('mkfifo', paths, { stdio: 'ignore', env: environmentWithoutKeys() });
    if (status !== 0) return undefined;
    return paths.map((path) => ({
      // The reader comes first, as a pipe without one cannot be opened for writing.
      reader: open(path, constants.O_RDONLY | constants.O_NONBLOCK),
      writer: open(path, constants.O_WRONLY),
    }));
  } catch {
    for (const fd of opened) closeSync(fd);
    return undefined;
  } finally {
    if (folder !== undefined) rmSync(folder, { recursive: true, force: true });
  }
}
