import { type ChildProcess, spawn } from 'node:child_process';

/**
 * Waits for the number of a process, or of a group as `-123`, then for a second line. If the pipe closes without one, we were
 * killed: it ends the process, with half a second to clean up.
 */
const WATCH = [
  'read -r whom && [ -n "$whom" ] || exit 0',
  'read -r end && exit 0',
  'kill -s TERM -- "$whom" 2>/dev/null || exit 0',
  'sleep 0.5',
  'kill -s KILL -- "$whom" 2>/dev/null',
].join('\n');

/**
 * Ends a program if this process is killed with KILL, which it cannot notice itself. A shell in a session of its own, which no
 * signal of the terminal reaches, holds the other end of a pipe: the system closes it with us. Without a shell, as on Windows,
 * the program goes on.
 */
export class Lifeline {
  readonly #watch: ChildProcess | undefined;

  /** Starts the watch. Call it before the program starts: afterwards, a kill could come too early. */
  constructor() {
    if (process.platform === 'win32') return;
    try {
      this.#watch = spawn('/bin/sh', ['-c', WATCH], {
        stdio: ['pipe', 'ignore', 'ignore'],
        detached: true,
        // It could leave a folder that someone wants to remove in use, and needs no variable, least of all a key.
        cwd: '/',
        env: { PATH: '/usr/bin:/bin' },
      });
    } catch {
      return;
    }
    this.#watch.on('error', () => {});
    this.#watch.stdin?.on('error', () => {});
    this.#watch.unref();
  }

  /** Ties a program to this process. @param ownsGroup true if it leads a process group, all of which is to end */
  tie({ pid }: ChildProcess, ownsGroup: boolean): void {
    if (pid !== undefined) this.#watch?.stdin?.write(`${ownsGroup ? -pid : pid}\n`);
  }

  /** Lets the program go, once it has ended. Its number may soon be that of another one. */
  release(): void {
    this.#watch?.stdin?.end('\n');
  }
}
