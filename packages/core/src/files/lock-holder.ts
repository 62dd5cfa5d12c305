import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The process that holds a lock, as recorded in the lock file. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** Start time of the process, in clock ticks since boot; Linux only, as the next two. */
  readonly since?: string;
  /** Id of the system's boot, because two machines can have the same name. */
  readonly boot?: string;
  /** PID namespace, because process 7 of one container is not process 7 of another. */
  readonly namespace?: string;
}

/** Returns the description of this process for a lock file. */
export async function thisProcess(): Promise<Holder> {
  const since = await beginningOf('self');
  const boot = (await textOf('/proc/sys/kernel/random/boot_id'))?.trim();
  const namespace = await targetOf('/proc/self/ns/pid');
  return {
    pid: process.pid,
    host: hostname(),
    ...(since === undefined ? {} : { since }),
    ...(boot === undefined ? {} : { boot }),
    ...(namespace === undefined ? {} : { namespace }),
  };
}

/** Parses the content of a lock file; returns `undefined` if it names no process. */
export function parseHolder(content: string): Holder | undefined {
  try {
    const { pid, host, since, boot, namespace } = JSON.parse(content) as Record<string, unknown>;
    if (!Number.isSafeInteger(pid) || (pid as number) < 1 || typeof host !== 'string') return undefined;
    const known = Object.entries({ since, boot, namespace }).filter(([, value]) => typeof value === 'string');
    return { pid: pid as number, host, ...Object.fromEntries(known) };
  } catch {
    return undefined;
  }
}

/** The state of a process. `silent`: it seems to have ended, but may be running in another container. */
export type Liveness = 'running' | 'ended' | 'silent' | 'unknown';

/** Determines whether the holder of a lock is still running, by its process id. */
export async function livenessOf(holder: Holder, self: Holder): Promise<Liveness> {
  if (holder.host !== self.host) return 'unknown';
  const isElsewhere = holder.boot !== self.boot || holder.namespace !== self.namespace;
  const isVague = holder.boot === undefined || holder.namespace === undefined;
  if (isElsewhere && !isVague) return 'unknown';
  const isRunning = await looksRunning(holder);
  if (process.platform !== 'linux' || !isVague) return isRunning ?? 'unknown';
  return isRunning === 'ended' ? 'silent' : 'unknown';
}

async function looksRunning({ pid, since }: Holder): Promise<'running' | 'ended' | undefined> {
  try {
    process.kill(pid, 0);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return 'ended';
  }
  // The id may now belong to another process; in a container it often does.
  const now = await beginningOf(pid);
  if (now !== undefined && since !== undefined) return now === since ? 'running' : 'ended';
  return since !== undefined || pid === process.pid ? undefined : 'running';
}

async function beginningOf(pid: number | 'self'): Promise<string | undefined> {
  // `/proc` can belong to another namespace, in which other processes have these ids.
  if (pid !== 'self' && (await targetOf('/proc/self')) !== String(process.pid)) return undefined;
  const line = await textOf(`/proc/${pid}/stat`);
  // The second field, the program's name in parentheses, can contain anything, so fields are counted after it.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  // A zombie: it has ended, but its parent has not read its status, which some parents never do.
  return fields?.[0] === 'Z' ? 'ended' : fields?.[19];
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function targetOf(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined);
}
