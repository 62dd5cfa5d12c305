import type { StdioOptions } from 'node:child_process';
import { fstatSync, type StatsBase, statSync } from 'node:fs';

type Stdio = Exclude<StdioOptions, string>;

/**
 * Takes out of what a program would inherit everything that leads to a file, on standard input or elsewhere. A program can read
 * an open file again from its start. A pipe stays: what was in it has been read.
 *
 * @param path may be `/dev/fd/3`
 */
export function withoutFile(stdio: Stdio, path: string | undefined): Stdio {
  const file = path === undefined ? undefined : statSync(path, { bigint: true, throwIfNoEntry: false });
  if (file === undefined || !file.isFile()) return stdio;
  return stdio.map((stream, at) => {
    const fd = stream === 'inherit' ? at : stream;
    return typeof fd === 'number' && isSame(file, fstatSync(fd, { bigint: true })) ? 'ignore' : stream;
  });
}

function isSame(one: StatsBase<bigint>, other: StatsBase<bigint>): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}
