import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';

/** A time after which a program is ended. */
export interface TimeLimit {
  readonly ms: number;
  /** Called when it is over, right before the program is asked to end. */
  readonly isOver: () => void;
}

/** Time that a program has to end by itself. */
const GRACE_MS = 5000;
/** Time between two looks at what is left of its group. */
const LOOK_MS = 50;

/**
 * Waits for the end of a program. If the time limit is over first, it gets TERM, and KILL after five seconds.
 *
 * @param ownsGroup true if the program leads a process group, all of which is to end: what is left of it could hold the output
 *   of the program open for ever
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
    killing = setTimeout(() => {
      signal(whom, 'SIGKILL');
      killing = undefined;
    }, GRACE_MS);
  }, limit.ms);
  try {
    const ended = await end;
    while (killing !== undefined && whom < 0 && signal(whom, 0)) await sleep(LOOK_MS);
    return ended;
  } finally {
    clearTimeout(ending);
    clearTimeout(killing);
  }
}

/** Sends a signal. Returns false if there is nobody to get it, or it belongs to another user. */
function signal(whom: number, name: NodeJS.Signals | 0): boolean {
  try {
    return process.kill(whom, name);
  } catch {
    return false;
  }
}
