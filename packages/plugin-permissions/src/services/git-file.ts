import { spawn } from 'node:child_process';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { MAX_BYTES } from '@vastai-cli/permissions/json/source-text';

/** A file as large as is looked into is read from a local repository in far less. */
const LIMIT_MS = 30_000;

/**
 * Reads a file as it is in a commit, with git. Nothing is fetched, no hook or filter runs, and what was typed
 * reaches git as the name of an object alone.
 *
 * @param object `REV:path`, the path counted from the top of the repository or, with `./`, from this folder
 * @returns the bytes; of a file beyond 10 MiB one byte more than that
 * @throws UsageError when there is no such file, no repository or no git.
 */
export async function readGitFile(object: string): Promise<Uint8Array> {
  if (!/^[^-:][^:]*:./su.test(object) || object.includes('\0')) {
    throw new UsageError(
      'A file in git is written as git:REV:path.',
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
      atMost(git.stdout, () => git.kill()),
      atMost(git.stderr, () => git.kill()),
      ended,
    ]);
    if (status === 0 || bytes.length > MAX_BYTES) return bytes;
    throw gitError(Buffer.from(complaint).toString('utf8'));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') throw new UsageError('git is not installed.');
    throw error;
  }
}

function gitError(complaint: string): UsageError {
  const said = serverText(complaint.replace(/^fatal: /u, ''));
  return new UsageError(`git does not have this file${said === '' ? '.' : `: ${said}`}`);
}

/** One byte more than is looked into; then the writer is stopped. */
async function atMost(stream: AsyncIterable<Buffer>, stop: () => void): Promise<Uint8Array> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of stream) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MAX_BYTES) {
      stop();
      break;
    }
  }
  return Buffer.concat(chunks).subarray(0, MAX_BYTES + 1);
}
