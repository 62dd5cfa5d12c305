import { readFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Sends a signal to one process.
 *
 * @throws an error if this is not the number of a process, or that of the test run: `process.kill` takes 0 and negative
 *   numbers for whole process groups, and 0, which is what an empty file reads as, for the group of the test run.
 */
export function signalProcess(pid: number | undefined, signal: NodeJS.Signals): void {
  if (!Number.isSafeInteger(pid) || Number(pid) <= 0) throw new Error(`no process has the number ${pid}`);
  if (pid === process.pid || pid === process.ppid) throw new Error(`the process ${pid} runs the tests`);
  process.kill(Number(pid), signal);
}

/** Returns true if a process has this number. One that has ended, and whose parent has not read its status, is not running. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
  } catch {
    return false;
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'latin1');
    return stat.slice(stat.lastIndexOf(')') + 2)[0] !== 'Z';
  } catch {
    return true;
  }
}

/** Waits until a program has left its process id, and the line feed behind it, in a file; returns the id. */
export async function processIdIn(file: string): Promise<number> {
  for (;;) {
    const text = await readFile(file, 'utf8').catch(() => '');
    if (text.endsWith('\n')) return Number(text);
    await sleep(5);
  }
}
