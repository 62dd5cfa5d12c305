import { spawn } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { definedOnly } from '@vastai-cli/testing/run';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, type ExpectStatic } from 'vitest';
import { fileIn, writeCounter } from './places.js';

/** Opens bash with job control on a terminal of its own, in which `vastai` is the CLI. */
function openShell({ home, sandbox }: Harness, whenFinished: (close: () => void) => void) {
  const env = {
    ...home.env,
    VAST_URL: sandbox.url,
    VAST_API_KEY: sandbox.key,
    SHELL: '/bin/sh',
    TERM: 'xterm',
  };
  const command = 'exec bash --norc --noprofile -i';
  const child = spawn('script', ['--quiet', '--flush', '--command', command, '/dev/null'], {
    env: definedOnly({ ...env, PS1: '> ' }),
    cwd: home.path,
    stdio: 'pipe',
  });
  whenFinished(() => void child.kill());
  let screen = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    screen += text;
  });
  const type = (keys: string) => void child.stdin.write(keys);
  type(`vastai() { '${process.execPath}' '${BIN}' "$@"; }\r`);
  return {
    type,
    screen: () => screen,
    ended: new Promise((resolve) => {
      child.on('close', resolve);
    }),
  };
}

const PATIENCE = { timeout: 20_000 };

/** Expects the exit status of the last program, then leaves the shell. */
async function expectStatus(status: number, shell: ReturnType<typeof openShell>, expect: ExpectStatic) {
  shell.type('echo "status $?"\r');
  await expect.poll(shell.screen, PATIENCE).toContain(`status ${status}`);
  shell.type('exit\r');
  await shell.ended;
}

describe.runIf(process.platform === 'linux' && canOpenTerminal()).concurrent('in a shell, Ctrl-Z', () => {
  it('stops vastai exec and its program, which continue with fg', async ({
    harness,
    expect,
    onTestFinished,
  }) => {
    const shell = openShell(harness, onTestFinished);
    const program = 'echo yes > ready; while read line; do echo "read $line"; done; echo over; exit 5';
    shell.type(`vastai exec -- sh -c '${program}'\r`);
    await fileIn(harness, 'ready');
    // Bash drops what was typed before it has given the terminal to the job.
    const continueJob = async () => {
      const shown = shell.screen().split(BIN).length;
      shell.type('fg\r');
      await expect.poll(() => shell.screen().split(BIN).length, PATIENCE).toBe(shown + 1);
      await sleep(100);
    };
    shell.type('\x1a');
    await expect.poll(shell.screen, PATIENCE).toContain('Stopped');
    await continueJob();
    shell.type('one\r');
    await expect.poll(shell.screen, PATIENCE).toContain('read one');
    shell.type('\x1a');
    await expect.poll(() => shell.screen().split('Stopped').length, PATIENCE).toBe(3);
    await continueJob();
    shell.type('two\r');
    await expect.poll(shell.screen, PATIENCE).toContain('read two');
    shell.type('\x04');
    await expect.poll(shell.screen, PATIENCE).toContain('over');
    await expectStatus(5, shell, expect);
  });

  it('shows the exit status of a program that was started directly', async ({
    harness,
    expect,
    onTestFinished,
  }) => {
    const shell = openShell(harness, onTestFinished);
    // Each has a file of its own: that of the first may still be there when the second is typed. Neither starts another
    // program: one that is stopped before it runs (vfork) keeps its shell from stopping.
    const program = (file: string) => `sh -c 'echo $$ > ${file}; exec sleep 60'`;
    for (const [start, file, nth] of [
      [program('direct'), 'direct', 1],
      [`vastai exec -- ${program('through')}`, 'through', 2],
    ] as const) {
      shell.type(`${start}\r`);
      await fileIn(harness, file);
      await sleep(100);
      shell.type('\x1a');
      await expect.poll(() => shell.screen().split('Stopped').length, PATIENCE).toBe(nth + 1);
      shell.type(`echo "${nth} is $?"; kill -KILL %1; wait\r`);
      await expect.poll(shell.screen, PATIENCE).toContain(`${nth} is 148`);
    }
    shell.type('exit\rexit\r');
    await shell.ended;
  });

  it('is for the program alone, if that handles or ignores it', async ({
    harness,
    expect,
    onTestFinished,
  }) => {
    const shell = openShell(harness, onTestFinished);
    const counter = await writeCounter(harness);
    shell.type(`vastai exec -- '${process.execPath}' '${counter}' SIGTSTP SIGINT; echo "status $?"\r`);
    await fileIn(harness, 'ready');
    shell.type('\x1a');
    await fileIn(harness, 'count');
    shell.type('\x03');
    await expect.poll(shell.screen, PATIENCE).toContain('status 41');
    expect(shell.screen()).not.toContain('Stopped');
    shell.type(`vastai exec -- sh -c 'trap "" TSTP; echo yes > waits; cat'; echo "then $?"\r`);
    await fileIn(harness, 'waits');
    shell.type('\x1a');
    shell.type('still here\r');
    await expect.poll(() => shell.screen().split('still here').length, PATIENCE).toBeGreaterThan(2);
    shell.type('\x03');
    await expect.poll(shell.screen, PATIENCE).toContain('then 130');
    expect(shell.screen()).not.toContain('Stopped');
    shell.type('exit\r');
    await shell.ended;
  });

  it('tells a program once that it continues, also through two of them', async ({
    harness,
    expect,
    onTestFinished,
  }) => {
    const shell = openShell(harness, onTestFinished);
    const counter = await writeCounter(harness);
    shell.type(
      `vastai exec -- '${process.execPath}' '${BIN}' exec -- '${process.execPath}' '${counter}' SIGCONT SIGINT\r`,
    );
    await fileIn(harness, 'ready');
    shell.type('\x1a');
    await expect.poll(shell.screen, PATIENCE).toContain('Stopped');
    shell.type('fg\r');
    await fileIn(harness, 'count');
    shell.type('\x03');
    await expectStatus(41, shell, expect);
  });

  it('lets a shell that vastai exec started have jobs of its own', async ({
    harness,
    expect,
    onTestFinished,
  }) => {
    const shell = openShell(harness, onTestFinished);
    shell.type(`SHELL="$BASH" vastai exec\r`);
    await expect.poll(shell.screen, PATIENCE).toContain('in VAST_API_KEY.');
    shell.type('echo yes > ready; sleep 50\r');
    await fileIn(harness, 'ready');
    await sleep(100);
    shell.type('\x1a');
    await expect.poll(shell.screen, PATIENCE).toContain('Stopped');
    const shown = shell.screen().split('sleep 50').length;
    shell.type('fg\r');
    await expect.poll(() => shell.screen().split('sleep 50').length, PATIENCE).toBe(shown + 1);
    await sleep(100);
    shell.type('\x03');
    await expect.poll(shell.screen, PATIENCE).toMatch(/\^C.*[#$>] $/su);
    shell.type('exit 9\r');
    await expect.poll(shell.screen, PATIENCE).toMatch(/exit\r?\n[^\n]*> $/u);
    await expectStatus(9, shell, expect);
  });
});
