import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** The Linux setting for who may trace which processes. Without this file, users may trace their own. */
const YAMA = '/proc/sys/kernel/yama/ptrace_scope';

/** Describes a system call of a traced process. */
export interface Call {
  readonly name: string;
  /** The number of this call among those with its name in its thread, since strace counts per thread. */
  readonly nth: number;
  /** Name and paths, and the mode in which a file is opened, without parts that differ between runs. */
  readonly text: string;
}

export interface Traced {
  readonly status: number | null;
  /** Signal that ended the process; `null` if it ended by itself. */
  readonly signal: NodeJS.Signals | null;
  readonly calls: readonly Call[];
  readonly output: string;
}

export interface TraceOptions {
  /** Node script and its arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input: string;
  /** System calls to trace. Those that this architecture does not have are skipped. */
  readonly names: readonly string[];
  /** Kills the process with SIGKILL before this call. */
  readonly killAt?: Call;
  /** Makes this call fail and, with `andAfter`, all later calls with its name. */
  readonly failAt?: Pick<Call, 'name' | 'nth'> & { readonly error: string; readonly andAfter: boolean };
}

/**
 * Returns true if strace can trace processes that it started. Tests are skipped otherwise, but run and fail with
 * VASTAI_TEST_NO_SKIP=1.
 */
export function straceWorks(): boolean {
  return process.env.VASTAI_TEST_NO_SKIP === '1' || spawnSync('strace', ['true']).status === 0;
}

/** Returns true if strace can attach to running processes. */
export function straceCanAttach(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return true;
  const scope = existsSync(YAMA) ? readFileSync(YAMA, 'utf8').trim() : '0';
  return straceWorks() && (process.getuid?.() === 0 || scope === '0');
}

/** Traces a program from its start, without the programs that it starts. */
export async function traceFromStart(options: TraceOptions): Promise<Traced> {
  return traced(options, async (strace) => {
    const child = spawn('strace', ['-b', 'execve', ...strace, process.execPath, ...options.command], {
      env: environmentOf(options),
      stdio: 'pipe',
    });
    child.stdin.on('error', () => {}).end(options.input);
    const output = collect(child);
    const [status, signal] = await once(child, 'exit');
    return { status, signal, output: await output };
  });
}

/** Traces a program from its first output on. The program must print something before it reads its input. */
export async function traceFromInput(options: TraceOptions): Promise<Traced> {
  return traced(options, async (strace) => {
    const child = spawn(process.execPath, options.command, { env: environmentOf(options), stdio: 'pipe' });
    const ended = once(child, 'exit');
    const output = collect(child);
    await once(child.stdout, 'data');
    const tracer = spawn('strace', [...strace, '-p', String(child.pid)], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    const tracerEnded = once(tracer, 'exit');
    // strace prints a line once it is attached to all threads, or says why it cannot attach.
    await once(tracer.stderr, 'data');
    child.stdin.on('error', () => {}).end(options.input);
    const [status, signal] = await ended;
    await tracerEnded;
    return { status, signal, output: await output };
  });
}

async function traced(
  { names, killAt, failAt, env }: TraceOptions,
  run: (strace: string[]) => Promise<Omit<Traced, 'calls'>>,
): Promise<Traced> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-strace-'));
  try {
    const file = join(folder, 'trace');
    const trace = `trace=${names.map((name) => `?${name}`).join()}`;
    const inject =
      killAt === undefined ? [] : ['-e', `inject=${killAt.name}:signal=SIGKILL:when=${killAt.nth}`];
    if (failAt !== undefined) {
      const when = `${failAt.nth}${failAt.andAfter ? '+' : ''}`;
      inject.push('-e', `inject=${failAt.name}:error=${failAt.error}:when=${when}`);
    }
    const ended = await run(['-f', '-o', file, '-e', trace, ...inject]);
    return { ...ended, calls: parseCalls(await readFile(file, 'utf8'), env.HOME ?? '') };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** Limits file operations to one thread, so that the order of calls is the same in each run. */
function environmentOf({ env }: TraceOptions): Record<string, string> {
  return { ...env, UV_THREADPOOL_SIZE: '1', UV_USE_IO_URING: '0' };
}

async function collect(child: ChildProcess): Promise<string> {
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  await once(child, 'close');
  return output;
}

function parseCalls(trace: string, home: string): Call[] {
  const counts = new Map<string, number>();
  const calls: Call[] = [];
  for (const line of trace.split('\n')) {
    const [, thread, name, args = ''] = /^(\d+) +(\w+)\((.*)$/.exec(line) ?? [];
    if (thread === undefined || name === undefined) continue;
    const nth = (counts.get(`${thread} ${name}`) ?? 0) + 1;
    counts.set(`${thread} ${name}`, nth);
    // Threads wake each other through an eventfd, which looks like a file.
    if (name === 'write' && args.includes('"\\1\\0\\0\\0\\0\\0\\0\\0"')) continue;
    calls.push({
      name,
      nth,
      text: [name, ...pathsIn(args, home), ...(/O_WRONLY|O_RDWR/.exec(args) ?? [])].join(' '),
    });
  }
  return calls;
}

function pathsIn(args: string, home: string): string[] {
  const paths = args.match(/"\/[^"]*"/g) ?? [];
  // Process ids and random numbers.
  return paths.map((path) =>
    path
      .slice(1, -1)
      .replace(home, '~')
      .replaceAll(/[0-9a-f]{12}|\d{2,}/g, '*'),
  );
}
