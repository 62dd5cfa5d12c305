import { spawnSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmdirSync, unlinkSync } from 'node:fs';
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
  const opened: number[] = [];
  const open = (path: string, flags: number) => {
    const fd = openSync(path, flags);
    opened.push(fd);
    return fd;
  };
  try {
    return withNamedPipes(count, (paths) =>
      paths.map((path) => ({
        // The reader comes first, as a pipe without one cannot be opened for writing.
        reader: open(path, constants.O_RDONLY | constants.O_NONBLOCK),
        writer: open(path, constants.O_WRONLY),
      })),
    );
  } catch {
    for (const fd of opened) closeSync(fd);
    return undefined;
  }
}

/** Makes named pipes in a folder of their own, for as long as `use` takes. @throws a system error */
function withNamedPipes<T>(count: number, use: (paths: readonly string[]) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'vastai-'));
  const paths = Array.from({ length: count }, (_, nth) => join(folder, String(nth)));
  try {
    const { status } = spawnSync('mkfifo', paths, {
      stdio: 'ignore',
      // Programs look for the files of a language, even to say nothing.
      env: { ...environmentWithoutKeys(), LC_ALL: 'C' },
    });
    if (status !== 0) throw new Error('No named pipes were made.');
    return use(paths);
  } finally {
    for (const path of paths) removeFile(path);
    rmdirSync(folder);
  }
}

/** Removes a file, if it is there. `rmSync` would load a module for that. */
function removeFile(path: string): void {
  try {
    unlinkSync(path);
  } catch {
    // mkfifo did not make it.
  }
}
