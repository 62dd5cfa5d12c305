import type { ChildProcess } from 'node:child_process';

/** A time after which a program is ended. */
export interface TimeLimit {
  readonly ms: number;
  /** Called when it is over, right before the program is asked to end. */
  readonly isOver: () => void;
}

/** Time that a program has to end by itself. */
const GRACE_MS = 5000;

/**
 * Waits for the end of a program. If the time limit is over first, it gets TERM, and KILL after five seconds.
 *
 * @param ownsGroup true if the program leads a process group, all of which is to end
 */
export async function endAfter<T>(
  limit: TimeLimit | undefined,
  child: ChildProcess,
  ownsGroup: boolean,
  end: Promise<T>,
): Promise<T> {
  if (limit === undefined || child.pid === undefined) return end;
  const whom = ownsGroup && process.platform !== 'win32' ? -child.pid : child.pid;
  let killing: NodeJS.Timeout | undefined;
  const ending = setTimeout(() => {
    limit.isOver();
    signal(whom, 'SIGTERM');
    // A stopped program gets TERM only when it continues.
    signal(whom, 'SIGCONT');
    killing = setTimeout(() => signal(whom, 'SIGKILL'), GRACE_MS);
  }, limit.ms);
  try {
    return await end;
  } finally {
    clearTimeout(ending);
    clearTimeout(killing);
  }
}

function signal(whom: number, name: NodeJS.Signals): void {
  try {
    process.kill(whom, name);
  } catch {
    // It has just ended, or belongs to another user.
  }
}
