import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, it, onTestFinished } from 'vitest';
import { processIdIn, signalProcess } from './processes.js';

it.each([undefined, Number.NaN, 0, -0, -1, -process.pid, 1.5, Number.POSITIVE_INFINITY])(
  'sends no signal to %s, which is not a process',
  (pid) => {
    expect(() => signalProcess(pid, 'SIGKILL')).toThrow(`no process has the number ${pid}`);
  },
);

it.each([process.pid, process.ppid])('sends no signal to the process %i, which runs the tests', (pid) => {
  expect(() => signalProcess(pid, 'SIGKILL')).toThrow('runs the tests');
});

it('sends a signal to one process', async () => {
  const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
  signalProcess(child.pid, 'SIGKILL');
  expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
});

it('waits for a process id that is only half written', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-pid-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const file = join(folder, 'pid');
  const id = processIdIn(file);
  for (const written of ['', '12', '1234', '1234\n']) {
    await writeFile(file, written);
    await sleep(20);
  }
  expect(await id).toBe(1234);
});

it('reads what a shell writes of itself', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-pid-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  const { pid } = spawnSync('sh', ['-c', 'echo $$ > pid'], { cwd: folder });
  expect(await processIdIn(join(folder, 'pid'))).toBe(pid);
});
