import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { readStream } from '@vastai-cli/core/internal/files/bounded-read';

/**
 * Settings that go before those of the repository, which may be a stranger's: none of them may start a program. Hooks, the
 * file system monitor and signatures of commits would.
 */
const SETTINGS = [
  'core.fsmonitor=false',
  'core.hooksPath=/dev/null',
  'core.pager=cat',
  'diff.orderFile=/dev/null',
  'log.showSignature=false',
  'log.showRoot=true',
].flatMap((setting) => ['-c', setting]);

/** Keeps git from fetching what a partial clone lacks, by whatever program its settings name, and from asking anything. */
const ENVIRONMENT = {
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};

/** Longest complaint of git that is kept. */
const MAX_COMPLAINT = 4096;

/** A git process. */
export interface Git {
  readonly stdin: ChildProcessWithoutNullStreams['stdin'];
  readonly stdout: ChildProcessWithoutNullStreams['stdout'];
  /** Waits for its end. @throws UsageError with what git said if it failed or is not installed */
  ended(): Promise<void>;
  /** Ends it. */
  stop(): void;
}

/** Starts git, which runs no program that the repository names and changes nothing. */
export function startGit(args: readonly string[], signal: AbortSignal): Git {
  const child = spawn('git', ['--no-pager', ...SETTINGS, ...args], {
    env: { ...environmentWithoutKeys(), ...ENVIRONMENT },
    shell: false,
    stdio: ['pipe', 'pipe', 'pipe'],
    windowsHide: true,
  });
  const stop = () => {
    child.kill();
  };
  signal.addEventListener('abort', stop, { once: true });
  // A process that has ended takes no more; why it did is said below.
  child.stdin.on('error', () => {});
  const complaint = readStream(child.stderr, MAX_COMPLAINT).catch(() => Buffer.alloc(0));
  const ending = new Promise<number | null>((resolve, reject) => {
    child.on('error', reject);
    child.on('close', resolve);
  });
  // Waited for later, and not for nothing.
  ending.catch(() => {});
  return {
    stdin: child.stdin,
    stdout: child.stdout,
    stop,
    async ended() {
      const status = await ending.catch((error: NodeJS.ErrnoException) => {
        throw error.code === 'ENOENT' ? new UsageError('git is not installed.') : error;
      });
      signal.removeEventListener('abort', stop);
      signal.throwIfAborted();
      if (status !== 0) throw failure(await complaint);
    },
  };
}

function failure(complaint: Buffer): UsageError {
  const [first = ''] = serverText(complaint.toString('utf8').split('\n')[0] ?? '').split('\n');
  const said = first.replace(/^(?:fatal|error): /u, '');
  return new UsageError(said === '' ? 'git failed.' : `git: ${said}`);
}
