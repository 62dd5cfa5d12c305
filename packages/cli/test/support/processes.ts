import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Harness } from '@vastai-cli/testing/harness';
import type { Ran, RunOptions } from '@vastai-cli/testing/run';

/** A run, and every program that was started for it, itself first: with arguments and environment, in C. */
export interface Traced extends Ran {
  readonly programs: readonly string[];
}

/** Runs `vastai …args`, and looks which programs it starts. */
export async function runTraced(
  harness: Pick<Harness, 'vastai'>,
  args: readonly string[],
  more: Partial<RunOptions> = {},
): Promise<Traced> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-trace-'));
  const trace = join(folder, 'trace');
  const through = ['strace', '-f', '--seccomp-bpf', '-o', trace, '-e', 'trace=execve', '-v', '-s', '100000'];
  try {
    const ran = await harness.vastai(args, { ...more, through });
    const lines = (await readFile(trace, 'utf8')).split('\n');
    return { ...ran, programs: lines.filter((line) => line.includes(' execve(')) };
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** The processes that a process started and that are still there. */
export async function childrenOf(pid: number): Promise<number[]> {
  const children = await readFile(`/proc/${pid}/task/${pid}/children`, 'utf8').catch(() => '');
  return children.split(' ').filter(Boolean).map(Number);
}

/** A process, by its number and its command line. */
export interface SeenProcess {
  readonly pid: number;
  readonly commandLine: string;
}

/** The Node processes that know a value by their environment: a session bus, say, that is one test's own. */
export async function nodeProcessesWith(value: string): Promise<SeenProcess[]> {
  const found: SeenProcess[] = [];
  for (const name of (await readdir('/proc')).filter((one) => /^\d+$/.test(one))) {
    const of = (file: string) => readFile(`/proc/${name}/${file}`, 'utf8').catch(() => '');
    const [environment, commandLine] = await Promise.all([of('environ'), of('cmdline')]);
    const isNode = commandLine.split('\0')[0]?.endsWith('node') ?? false;
    if (isNode && environment.includes(value)) {
      found.push({ pid: Number(name), commandLine: commandLine.replaceAll('\0', ' ') });
    }
  }
  return found;
}
