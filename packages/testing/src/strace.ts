import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Linux says here who may watch whose processes; without this file, users may watch their own. */
const YAMA = '/proc/sys/kernel/yama/ptrace_scope';

/** A system call of a traced process. */
export interface Call {
  readonly name: string;
  /** Counts the calls of this name in its thread, since strace counts for each thread. */
  readonly nth: number;
  /** Name and paths, and whether a file is opened to be written, without what differs from run to run. */
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
  /** Program for Node, with its arguments. */
  readonly command: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  /** Standard input. */
  readonly input: string;
  /** System calls to trace; one that this processor does not have is left out. */
  readonly names: readonly string[];
  /** Kills the process with SIGKILL before this call. */
  readonly killAt?: Call;
  /** Lets this call fail, and with `andAfter` all later ones of its name. */
  readonly failAt?: Pick<Call, 'name' | 'nth'> & { readonly error: string; readonly andAfter: boolean };
}

/**
 * Returns whether this machine lets strace watch processes that strace started; tests are skipped where it does not.
 * With VASTAI_TEST_NO_SKIP=1 they run, and fail by what is missing.
 */
export function straceWorks(): boolean {
  return process.env.VASTAI_TEST_NO_SKIP === '1' || spawnSync('strace', ['true']).status === 0;
}

/** Returns the same for processes that run already. */
export function straceCanAttach(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return true;
  const scope = existsSync(YAMA) ? readFileSync(YAMA, 'utf8').trim() : '0';
  return straceWorks() && (process.getuid?.() === 0 || scope === '0');
}

/** Lets strace watch a program from its start, but no other program that it starts. */
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

/** Lets strace watch a program from when it has printed something, which it does before it reads its input. */
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
    // It says when it is attached to all threads; or why it cannot be, and then there is no trace.
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

/** Lets one thread do all that concerns files, so that its calls come in the same order each time. */
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
    // Threads wake each other through a counter that looks like a file and is none.
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
