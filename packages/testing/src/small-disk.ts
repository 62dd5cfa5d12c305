import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BLOCKS = 40;
const INODES = 40;

/** A file system in memory that fills up quickly. */
export interface SmallDisk {
  readonly path: string;
  /** Leaves no more than this many blocks, so that the content of files soon finds no space. */
  leaveBlocks(count: number): void;
  /** Leaves no more than this many inodes, so that new files soon find no space. */
  leaveInodes(count: number): void;
  /** Removes what fills it. */
  empty(): void;
  makeReadOnly(): void;
  remove(): void;
}

/**
 * Returns whether this user may mount one; tests are skipped where that fails. With VASTAI_TEST_NO_SKIP=1 they
 * run, and fail by it.
 */
export function smallDisksWork(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return true;
  try {
    mountSmallDisk().remove();
    return true;
  } catch {
    return false;
  }
}

/** Mounts one below the folder for temporary files. @throws Error if this user may not. */
export function mountSmallDisk(): SmallDisk {
  const path = mkdtempSync(join(tmpdir(), 'vastai-disk-'));
  const options = `mode=0700,uid=${process.getuid?.()},nr_blocks=${BLOCKS},nr_inodes=${INODES}`;
  try {
    asRoot('mount', ['-t', 'tmpfs', '-o', options, 'tmpfs', path]);
  } catch (error) {
    rmSync(path, { recursive: true });
    throw error;
  }
  const filler = (name: string) => join(path, `filler-${name}`);
  return {
    path,
    leaveBlocks(count) {
      const { bfree, bsize } = statfsSync(path);
      writeFileSync(filler('blocks'), Buffer.alloc((bfree - count) * bsize));
    },
    leaveInodes(count) {
      for (let left = statfsSync(path).ffree; left > count; left -= 1)
        writeFileSync(filler(String(left)), '');
    },
    empty() {
      for (const name of readdirSync(path)) if (name.startsWith('filler-')) rmSync(join(path, name));
    },
    makeReadOnly: () => asRoot('mount', ['-o', 'remount,ro', path]),
    remove() {
      asRoot('umount', [path]);
      rmSync(path, { recursive: true });
    },
  };
}

/** Runs a command as root, which a user of CI can become without a password. */
function asRoot(command: string, args: readonly string[]): void {
  if (process.getuid?.() === 0) execFileSync(command, args, { stdio: 'ignore' });
  else execFileSync('sudo', ['--non-interactive', command, ...args], { stdio: 'ignore' });
}
