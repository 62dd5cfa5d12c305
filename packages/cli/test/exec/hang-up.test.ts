import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import { definedOnly } from '@vastai-cli/testing/run';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';
import { fileIn, writeCounter } from './places.js';

/** What the terminal is opened for: as with `ssh -t host vastai …`, and a shell that runs scripts or has jobs. */
const LEADERS = {
  'for vastai': 'exec sh run',
  'for a script': 'sh run; true',
  'for a shell': 'set -m; sh run; true',
};

describe
  .runIf(process.platform === 'linux' && canOpenTerminal())
  .concurrent('when its terminal is closed', () => {
    it.for(Object.entries(LEADERS))(
      'a program of vastai exec is told once: opened %s',
      async ([, command], { harness, expect }) => {
        const { home, sandbox } = harness;
        const counter = await writeCounter(harness);
        const program = `'${process.execPath}' '${counter}' SIGHUP SIGUSR2`;
        await home.write('run', `echo $$ > pid; exec '${process.execPath}' '${BIN}' exec -- ${program}\n`);
        const terminal = spawn('script', ['--quiet', '--command', command, '/dev/null'], {
          env: definedOnly({ ...home.env, VAST_API_KEY: sandbox.key, SHELL: '/bin/sh' }),
          cwd: home.path,
          stdio: ['pipe', 'ignore', 'ignore'],
        });
        await fileIn(harness, 'ready');
        const pid = await processIdIn(home.at('pid'));
        signalProcess(terminal.pid, 'SIGKILL');
        expect(await fileIn(harness, 'count')).toBe('1');
        // Leaves time for a second one, which must not come.
        await sleep(100);
        signalProcess(pid, 'SIGUSR2');
        await expect.poll(() => existsSync(`/proc/${pid}`), { timeout: 10_000 }).toBe(false);
        expect(await home.read('count')).toBe('1');
      },
    );

    it.for([
      { args: ['exec', '--', 'sh', '-c', 'echo; cat'] },
      { args: ['exec', '--mask', 'auto', '--', 'sh', '-c', 'echo; cat'] },
      { args: ['unset', 'api-key'] },
    ])('vastai ends without an abort of Node: $args', async ({ args }, { harness, expect }) => {
      const { home, saveKey } = harness;
      await saveKey();
      const words = [process.execPath, BIN, ...args].map((word) => `'${word}'`).join(' ');
      await home.write('run', `trap '' HUP; ${words}; echo $? > status\n`);
      const terminal = spawn('script', ['--quiet', '--flush', '--command', 'exec sh run', '/dev/null'], {
        env: definedOnly({ ...home.env, VAST_URL: harness.sandbox.url, SHELL: '/bin/sh' }),
        cwd: home.path,
        stdio: ['pipe', 'pipe', 'ignore'],
      });
      await once(terminal.stdout, 'data');
      signalProcess(terminal.pid, 'SIGKILL');
      expect(Number(await fileIn(harness, 'status'))).toBeLessThan(128);
    });
  });
