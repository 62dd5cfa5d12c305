import { readFile, readlink } from 'node:fs/promises';
import { hostname } from 'node:os';

/** The process that holds a lock, as the lock file names it. */
export interface Holder {
  readonly pid: number;
  readonly host: string;
  /** When the process began, in clock ticks of the system; Linux only, as the two below. */
  readonly since?: string;
  /** The boot of the system: two machines can have one name. */
  readonly boot?: string;
  /** The PID namespace: process 7 of one container is not process 7 of another. */
  readonly namespace?: string;
}

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

/** What the process id of a holder tells: `silent` when it seems to have ended, and may run in another container. */
export type Verdict = 'running' | 'ended' | 'silent' | 'unknown';

export async function judge(holder: Holder, self: Holder): Promise<Verdict> {
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
  // The number may be that of another process by now; in a container it often is.
  const now = await beginningOf(pid);
  if (now !== undefined && since !== undefined) return now === since ? 'running' : 'ended';
  return since !== undefined || pid === process.pid ? undefined : 'running';
}

async function beginningOf(pid: number | 'self'): Promise<string | undefined> {
  // `/proc` can be that of another namespace, with other processes under the same numbers.
  if (pid !== 'self' && (await targetOf('/proc/self')) !== String(process.pid)) return undefined;
  const line = await textOf(`/proc/${pid}/stat`);
  // The name of the program, in parentheses, may hold anything. What is behind it is counted from there.
  const fields = line?.slice(line.lastIndexOf(')') + 2).split(' ');
  // One that was killed keeps its number until its parent asks for its status, which some never do.
  return fields?.[0] === 'Z' ? 'ended' : fields?.[19];
}

function textOf(path: string): Promise<string | undefined> {
  return readFile(path, 'utf8').catch(() => undefined);
}

function targetOf(path: string): Promise<string | undefined> {
  return readlink(path).catch(() => undefined);
}
