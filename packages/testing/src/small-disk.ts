import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const BLOCKS = 40;
const INODES = 40;

/** Controls a small in-memory file system. */
export interface SmallDisk {
  readonly path: string;
  /** Fills it up to this many free blocks, so that writing to files soon fails. */
  leaveBlocks(count: number): void;
  /** Fills it up to this many free inodes, so that creating files soon fails. */
  leaveInodes(count: number): void;
  /** Frees the space again. */
  empty(): void;
  makeReadOnly(): void;
  remove(): void;
}

/**
 * Returns true if this user can mount one. Tests are skipped otherwise, but run and fail with VASTAI_TEST_NO_SKIP=1.
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

/** Mounts one in the folder for temporary files. @throws Error if this user cannot mount it. */
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

/** Runs a command as root. In CI, sudo needs no password. */
function asRoot(command: string, args: readonly string[]): void {
  if (process.getuid?.() === 0) execFileSync(command, args, { stdio: 'ignore' });
  else execFileSync('sudo', ['--non-interactive', command, ...args], { stdio: 'ignore' });
}
