import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { readStream } from '@vastai-cli/core/internal/files/bounded-read';
import { MAX_BYTES } from '@vastai-cli/permissions/json/source-text';

/** The time limit for git, which reads 10 MiB from a local repository in far less. */
const LIMIT_MS = 30_000;

/**
 * Reads a file from a commit with git. Git fetches nothing, runs no hooks or filters, and reads the argument only as
 * an object name.
 *
 * @param object `REV:path`, with the path relative to the top of the repository or, if it starts with `./`, to this
 *   folder
 * @returns the bytes, cut one byte after 10 MiB
 * @throws UsageError if git is not installed, or the repository or file does not exist.
 */
export async function readGitFile(object: string): Promise<Uint8Array> {
  if (!/^[^-:][^:]*:./su.test(object) || object.includes('\0')) {
    throw new UsageError(
      'A file in git has the form git:REV:path.',
      'For example: git:origin/main:perms.json',
    );
  }
  const git = spawn('git', ['cat-file', 'blob', object], {
    env: { ...environmentWithoutKeys(), GIT_NO_LAZY_FETCH: '1', GIT_TERMINAL_PROMPT: '0', LC_ALL: 'C' },
    shell: false,
    stdio: ['ignore', 'pipe', 'pipe'],
    timeout: LIMIT_MS,
    windowsHide: true,
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    git.on('error', reject);
    git.on('close', resolve);
  });
  try {
    const [bytes, complaint, status] = await Promise.all([
      readThenStop(git.stdout, () => git.kill()),
      readThenStop(git.stderr, () => git.kill()),
      ended,
    ]);
    if (status === 0 || bytes.length > MAX_BYTES) return bytes;
    throw gitError(complaint.toString('utf8'), object);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError('git is not installed.');
    throw error;
  }
}

function gitError(complaint: string, object: string): UsageError {
  // What git says of a folder or a submodule.
  if (/: bad file\s*$/u.test(complaint)) return new UsageError(`git:${serverText(object)} is not a file.`);
  const said = serverText(complaint.replace(/^fatal: /u, ''));
  return new UsageError(`git did not find this file${said === '' ? '.' : `: ${said}`}`);
}

/** Reads up to the size limit, then stops the writer. */
async function readThenStop(stream: Readable, stop: () => void): Promise<Buffer> {
  const bytes = await readStream(stream, MAX_BYTES);
  if (bytes.length > MAX_BYTES) stop();
  return bytes;
}
