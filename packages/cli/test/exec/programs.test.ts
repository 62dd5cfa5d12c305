import { appendFile, chmod } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import { installed } from '@vastai-cli/testing/programs';
import { canOpenTerminal, openTerminalSession } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';
import { canBeOthers } from '../support/as-user.js';
import { fileIn } from './places.js';

/** Opens a program with a key on a terminal. */
function open({ onTerminal, sandbox }: Harness, words: readonly string[], stdoutTo?: string) {
  const env = { VAST_API_KEY: sandbox.key };
  return onTerminal(['exec', '--', ...words], { env, ...(stdoutTo === undefined ? {} : { stdoutTo }) });
}

describe.runIf(process.platform === 'linux' && canOpenTerminal()).concurrent('on a terminal', () => {
  it.runIf(installed('vim'))('vim edits a file', async ({ harness, expect }) => {
    const vim = open(harness, ['vim', '-u', 'NONE', '-N', 'text']);
    await vim.see('~');
    vim.type('ihello\x1b:set columns?\r');
    await vim.see('columns=100');
    vim.type(':wq\r');
    expect((await vim.ended).status).toBe(0);
    expect(await harness.home.read('text')).toBe('hello\n');
  });

  it.runIf(installed('less'))(
    'less reads its keys from the terminal, and survives Ctrl-C',
    async ({ harness, expect }) => {
      await harness.home.write('numbers', Array.from({ length: 500 }, (_, at) => at + 1).join('\n'));
      const less = open(harness, ['sh', '-c', 'LESS= exec less < numbers']);
      await less.see('39');
      less.type('G');
      await less.see('500');
      less.type('\x03');
      less.type('/250\r');
      await less.see('(END)');
      less.type('q');
      expect((await less.ended).status).toBe(0);
    },
  );

  it.runIf(installed('python3'))('python3 is interrupted by Ctrl-C', async ({ harness, expect }) => {
    const python = open(harness, ['python3', '-iq']);
    await python.see('>>>');
    python.type('import time\rprint("ready" + "!"); time.sleep(60)\r');
    await python.see('ready!');
    python.type('\x03');
    await python.see('KeyboardInterrupt');
    python.type('print(6 * 111)\r');
    await python.see('666');
    python.type('exit(7)\r');
    expect((await python.ended).status).toBe(7);
  });

  it.runIf(installed('ssh-keygen'))(
    'ssh-keygen asks for a passphrase, wherever its output goes',
    async ({ harness, expect }) => {
      const words = ['ssh-keygen', '-t', 'ed25519', '-f', 'id'];
      const keygen = open(harness, words, harness.home.at('output'));
      await keygen.see('Enter passphrase');
      keygen.type('rosebud\r');
      await keygen.see('again');
      keygen.type('rosebud\r');
      const { status, screen } = await keygen.ended;
      expect(status).toBe(0);
      expect(screen).not.toContain('rosebud');
      expect(await harness.home.read('output')).toContain('SHA256:');
    },
  );

  it.runIf(installed('nohup'))('nohup holds for the program too', async ({ harness, expect }) => {
    const { home, sandbox } = harness;
    const script = 'kill -HUP $$; kill -HUP $PPID; sleep 1; echo lives > lives; exit 6';
    const nohup = openTerminalSession(process.execPath, [BIN, 'exec', '--', 'sh', '-c', script], {
      env: { ...home.env, VAST_URL: sandbox.url, VAST_API_KEY: sandbox.key },
      cwd: home.path,
      node: 'nohup',
    });
    expect((await nohup.ended).status).toBe(6);
    expect(await home.read('lives')).toBe('lives\n');
  });
});

describe.runIf(process.platform === 'linux').concurrent('a program', () => {
  it('starts with an empty environment', async ({ harness: { vastai, saveKey, home }, expect }) => {
    const key = await saveKey();
    const through = ['env', '-i', `HOME=${home.path}`];
    const ran = await vastai(
      ['exec', '--', 'sh', '-c', `test "$VAST_API_KEY" = "$(cat '${key}')"; env | wc -l`],
      {
        env: { VAST_URL: undefined },
        through,
      },
    );
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(Number(ran.stdout)).toBeLessThan(6);
  });

  it.for(['>&-', '2>&-', '<&-', '>&- 2>&-', '<&- >&- 2>&-', '> /dev/full'])(
    'runs with %s',
    async (redirection, { harness: { vastai, sandbox }, expect }) => {
      const script = `"$@" ${redirection}; echo "status $?"`;
      const ran = await vastai(['exec', '--', 'sh', '-c', 'echo out; echo err >&2; exit 3'], {
        env: { VAST_API_KEY: sandbox.key },
        through: ['sh', '-c', script, 'sh'],
      });
      expect(ran.stdout).toMatch(/^(?:out\n)?status 3\n$/u);
    },
  );

  it.for([{ flags: [] }, { flags: ['--mask', 'auto'] }])(
    'is not started after a signal that comes before it, and nothing is left: $flags',
    async ({ flags }, { harness: { vastai, sandbox, home }, expect }) => {
      const mkfifo = await home.write(
        'bin/mkfifo',
        '#!/bin/sh\nPATH=/usr/bin:/bin\nkill -TERM $PPID\nsleep 0.2\nmkfifo "$@"\n',
      );
      await chmod(mkfifo, 0o700);
      const ran = await vastai(['exec', ...flags, '--', 'sh', '-c', 'echo > started'], {
        env: { VAST_API_KEY: sandbox.key, TMPDIR: home.path, PATH: `${home.at('bin')}:${home.env.PATH}` },
      });
      expect(ran).toMatchObject({ status: 143, stdout: '', stderr: 'Error: Interrupted.\n' });
      expect(await home.read('started')).toBeUndefined();
      expect(Object.keys(await home.files()).filter((name) => name.startsWith('vastai-'))).toEqual([]);
    },
  );

  it.runIf(canBeOthers)(
    'runs to its end, though signals for it are not permitted',
    async ({ harness: { start, sandbox, home }, expect }) => {
      const program =
        'echo $PPID > parent; mkfifo gate; exec setpriv --reuid 65534 --regid 65534 --clear-groups sh -c "echo ready >&2; read line; exit 5" <> gate';
      const run = start(['exec', '--', 'sh', '-c', program], {
        env: { VAST_API_KEY: sandbox.key },
        through: ['setpriv', '--bounding-set', '-kill', '--inh-caps', '-kill'],
      });
      await expect.poll(run.stderr, { timeout: 10_000 }).toBe('ready\n');
      const pid = await processIdIn(home.at('parent'));
      for (const signal of ['SIGUSR1', 'SIGTERM', 'SIGTERM'] as const) {
        signalProcess(pid, signal);
        await sleep(50);
      }
      await appendFile(home.at('gate'), 'go\n');
      expect(await run.ended).toMatchObject({ status: 5, stderr: 'ready\n' });
    },
  );

  it('leaves vastai without a debugger when it has ended', async ({ harness, expect }) => {
    const { start, sandbox, home } = harness;
    const script = 'mkfifo gate; (read line < gate) & echo $PPID > parent; exit 4';
    const run = start(['exec', '--', 'sh', '-c', script], { env: { VAST_API_KEY: sandbox.key } });
    const pid = await processIdIn(home.at('parent'));
    // It waits for the program that still has its output open.
    await sleep(300);
    signalProcess(pid, 'SIGUSR1');
    await sleep(100);
    await appendFile(home.at('gate'), 'go\n');
    expect(await run.ended).toMatchObject({ status: 4, stderr: '' });
  });

  it('ends at its next output if vastai was killed, and nothing is left', async ({ harness, expect }) => {
    const { start, sandbox, home } = harness;
    const script = `trap 'echo over > over' EXIT; trap '' PIPE; echo $PPID > parent; while echo line; do sleep 0.05; done`;
    const run = start(['exec', '--', 'sh', '-c', script], {
      env: { VAST_API_KEY: sandbox.key, TMPDIR: home.path },
    });
    signalProcess(await processIdIn(home.at('parent')), 'SIGKILL');
    expect((await run.ended).signal).toBe('SIGKILL');
    await fileIn(harness, 'over');
    expect(Object.keys(await home.files()).filter((name) => name.startsWith('vastai-'))).toEqual([]);
  });
});
