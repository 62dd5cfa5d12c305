import { readFileSync } from 'node:fs';

/** Holds what Linux shows of a process: its number, `T` as the state of a stopped one, its parent, and the leader of its session. */
export interface ProcessStat {
  readonly pid: number;
  readonly state: string;
  readonly parent: number;
  readonly session: number;
}

/** Returns `undefined` if there is no such process, or the system does not show it. */
export function statOf(pid: number | 'self'): ProcessStat | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    // The name of the program stands in parentheses, and may contain some itself.
    const [state = '', parent, , session] = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return { pid: Number.parseInt(stat, 10), state, parent: Number(parent), session: Number(session) };
  } catch {
    return undefined;
  }
}

/** Returns true if a terminal was opened for this process. Only Linux shows that. */
export function isSessionLeader(): boolean {
  const own = statOf('self');
  return own !== undefined && own.pid === own.session;
}
