import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  chownSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
} from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { afterEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { withLock } from './lock.js';
import { thisProcess } from './lock-holder.js';

const home = useHome();
const unix = process.platform !== 'win32';
const isRoot = process.getuid?.() === 0;
const program = fileURLToPath(new URL('../../test/programs/hold-lock.mjs', import.meta.url));
const lock = () => home.at('vastai', '.lock');
const names = () => readdirSync(home.at('vastai'));
const taken = async () => 'taken';
const LONG_AGO = new Date(0);

const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process, through another program, that holds the lock until its input ends. */
async function startHolder(through: readonly string[]) {
  const [command, ...before] = [...through, process.execPath];
  const child = spawn(command as string, [...before, program, lock()], { stdio: ['pipe', 'pipe', 'pipe'] });
  children.push(child);
  const ended = once(child, 'exit');
  await once(child.stdout, 'data');
  return { child, ended };
}

async function waits(work: Promise<unknown>, ms = 150): Promise<boolean> {
  return Promise.race([work.then(() => false), sleep(ms).then(() => true)]);
}

/** A lock without anything that tells whether the process with this id is the holder. */
const elsewhere = { pid: 1, host: 'another-machine' };

/** A process of this system that has ended. */
const ended = async () => ({ ...(await thisProcess()), pid: 2 ** 22 + 1 });

describe('a lock whose holder cannot be examined', () => {
  it.runIf(process.platform === 'linux' && isRoot)(
    'is waited for while the holder, in another PID namespace of this machine, shows life',
    async () => {
      const holder = await startHolder(['unshare', '--pid', '--fork', '--kill-child']);
      expect(JSON.parse(readFileSync(lock(), 'utf8')).host).toBe((await thisProcess()).host);
      utimesSync(lock(), LONG_AGO, LONG_AGO);
      const waiting = withLock(lock(), taken);
      expect(await waits(waiting, 5000)).toBe(true);
      holder.child.kill('SIGKILL');
      expect(await waiting).toBe('taken');
      expect(names()).toEqual([]);
    },
  );

  it('is taken over without a sign of life, whatever the clock of its machine says', async () => {
    home.put(lock(), JSON.stringify(elsewhere));
    const future = new Date(Date.now() + 86_400_000);
    utimesSync(lock(), future, future);
    const waiting = withLock(lock(), taken);
    expect(await waits(waiting)).toBe(true);
    expect(await waiting).toBe('taken');
  });

  it('is waited for while it shows signs of life, even if its clock is far behind', async () => {
    home.put(lock(), JSON.stringify(elsewhere));
    let tick = 0;
    const beat = setInterval(() => utimesSync(lock(), 0, ++tick), 200);
    const failure = withLock(lock(), taken, undefined, 4500);
    await expect(failure).rejects.toMatchObject({
      code: 'storage',
      message: `Another vastai (process 1 on another-machine) is changing keys or settings, and has not finished (${lock()}).`,
    });
    clearInterval(beat);
  });

  it.runIf(process.platform === 'linux')('is not judged by the number of a process alone', async () => {
    const { boot: _, ...rest } = await thisProcess();
    home.put(lock(), JSON.stringify({ ...rest, pid: 2 ** 22 + 1 }));
    expect(await waits(withLock(lock(), taken), 1000)).toBe(true);
    rmSync(lock());
  });
});

describe.runIf(unix)('a lock whose holder can be examined', () => {
  it('is waited for while the holder is stopped', async () => {
    const { child } = await startHolder([]);
    child.kill('SIGSTOP');
    utimesSync(lock(), LONG_AGO, LONG_AGO);
    const waiting = withLock(lock(), taken);
    expect(await waits(waiting, 4500)).toBe(true);
    child.kill('SIGKILL');
    expect(await waiting).toBe('taken');
  });

  it.runIf(process.platform === 'linux').for<[string, () => Promise<string>]>([
    ['another process that was killed', async () => JSON.stringify(await ended())],
    ['something that is no lock', async () => 'junk'],
  ])('is taken over although its guard is held by %s', async ([, content]) => {
    home.put(lock(), JSON.stringify(await ended()));
    home.put(`${lock()}.takeover`, await content());
    expect(await withLock(lock(), taken)).toBe('taken');
    expect(names()).toEqual([]);
  });
});

describe.runIf(unix)('a file in place of the lock that vastai did not make', () => {
  const there: [string, () => void][] = [
    ['an empty file', () => home.put(lock(), '')],
    ['a file of another program', () => home.put(lock(), Buffer.from([0, 255, 1]))],
    ['a huge file', () => home.put(lock(), Buffer.alloc(2 * 1024 * 1024))],
    ['a hard link', () => linkSync(home.at('other'), lock())],
    ['a symbolic link', () => symlinkSync(home.at('other'), lock())],
    ['a dangling link', () => symlinkSync(home.at('nothing'), lock())],
    ['a link to itself', () => symlinkSync('.lock', lock())],
    ['a pipe', () => execFileSync('mkfifo', [lock()])],
    ['an empty folder', () => mkdirSync(lock())],
  ];
  it.for(there)('is removed without its target if it shows no sign of life: %s', async ([, put]) => {
    home.put(home.at('other'), 'of the user');
    mkdirSync(home.at('vastai'));
    put();
    expect(await withLock(lock(), taken)).toBe('taken');
    expect(readFileSync(home.at('other'), 'utf8')).toBe('of the user');
    expect(names()).toEqual([]);
  });

  it('stays if it is a folder that is not empty, and the error names it', async () => {
    home.put(home.at('vastai', '.lock', 'file'), 'of the user');
    await expect(withLock(lock(), taken)).rejects.toMatchObject({
      code: 'storage',
      message: `${lock()} is a folder, but vastai needs to create a lock file there.`,
      hint: 'Move it away, then try again.',
    });
    expect(readFileSync(home.at('vastai', '.lock', 'file'), 'utf8')).toBe('of the user');
    expect(names()).toEqual(['.lock']);
  });

  it.runIf(AS_ANYBODY.length > 0)('is removed although it cannot be read', async () => {
    home.put(lock(), 'junk', 0o000);
    utimesSync(lock(), LONG_AGO, LONG_AGO);
    const { child, ended } = await startHolder(AS_ANYBODY);
    child.stdin?.end();
    expect(await ended).toEqual([0, null]);
    expect(names()).toEqual([]);
  });
});

describe('a lock that cannot be removed', () => {
  it.runIf(AS_ANYBODY.length > 0)(
    'changes nothing about what was done, and is taken over later',
    async () => {
      const { child, ended } = await startHolder(AS_ANYBODY);
      chmodSync(home.at('vastai'), 0o500);
      child.stdin?.end();
      expect(await ended).toEqual([0, null]);
      expect(names()).toEqual(['.lock']);
      chmodSync(home.at('vastai'), 0o700);
      expect(await withLock(lock(), taken)).toBe('taken');
      expect(names()).toEqual([]);
    },
  );

  it.runIf(smallDisksWork())(
    'changes nothing about why the work failed, and the same process can go on',
    async () => {
      const disk = mountSmallDisk();
      try {
        const path = `${disk.path}/vastai/.lock`;
        const failing = withLock(path, async () => {
          disk.makeReadOnly();
          throw new Error('of the work');
        });
        await expect(failing).rejects.toThrow('of the work');
        await expect(withLock(path, taken)).rejects.toMatchObject({
          message: expect.stringMatching(/read-only/),
        });
      } finally {
        disk.remove();
      }
    },
  );

  it.runIf(isRoot && process.platform === 'linux')(
    'is reported, with the command that removes it',
    async () => {
      mkdirSync(home.at('vastai'));
      home.put(home.at('other'), '');
      home.put(lock(), JSON.stringify(await ended()));
      execFileSync('mount', ['--bind', home.at('other'), lock()]);
      try {
        await expect(withLock(lock(), taken)).rejects.toMatchObject({
          code: 'storage',
          message: expect.stringContaining(`Cannot remove ${lock()}: it is in use.`),
          hint: `Remove it: rm -f ${lock()}`,
        });
      } finally {
        execFileSync('umount', [lock()]);
      }
    },
  );
});

describe.runIf(smallDisksWork())('a lock on a full disk', () => {
  it.for(['leaveBlocks', 'leaveInodes'] as const)(
    'cannot be made, and nothing is left of it: %s',
    async (leave) => {
      const disk = mountSmallDisk();
      try {
        mkdirSync(`${disk.path}/vastai`);
        disk[leave](0);
        await expect(withLock(`${disk.path}/vastai/.lock`, taken)).rejects.toMatchObject({
          code: 'storage',
          message: expect.stringMatching(/the disk is full/),
        });
        expect(readdirSync(`${disk.path}/vastai`)).toEqual([]);
      } finally {
        disk.remove();
      }
    },
  );
});

describe.runIf(isRoot && process.platform === 'linux')('a lock of another user', () => {
  const USER = 1234;

  it('is waited for while its holder lives, and names the user', async () => {
    home.put(lock(), JSON.stringify(await thisProcess()));
    chownSync(lock(), USER, USER);
    const told: string[] = [];
    const failing = withLock(lock(), taken, (text) => told.push(text), 1500);
    await expect(failing).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining(`(process ${process.pid} of user ${USER})`),
      hint: expect.stringContaining(`remove the lock: sudo rm -f ${lock()}`),
    });
    expect(told).toEqual([
      `Waiting for another vastai (process ${process.pid} of user ${USER}) that is changing keys or settings.`,
    ]);
  });

  it('is waited for even if it cannot be read, like one that root holds with sudo', async () => {
    chmodSync(home.path, 0o711);
    mkdirSync(home.at('vastai'));
    chownSync(home.at('vastai'), USER, USER);
    let child: ChildProcess | undefined;
    await withLock(lock(), async () => {
      child = spawn(
        'setpriv',
        ['--reuid', String(USER), '--clear-groups', process.execPath, program, lock()],
        {
          stdio: ['pipe', 'pipe', 'inherit'],
        },
      );
      children.push(child);
      utimesSync(lock(), LONG_AGO, LONG_AGO);
      expect(await waits(once(child.stdout as NodeJS.ReadableStream, 'data'), 4500)).toBe(true);
    });
    const exit = once(child as ChildProcess, 'exit');
    child?.stdin?.end();
    expect(await exit).toEqual([0, null]);
  });

  it('cannot be made in their folder, and the message names the owner', async () => {
    chmodSync(home.path, 0o711);
    mkdirSync(home.at('vastai'), { mode: 0o755 });
    const child = spawn(
      'setpriv',
      ['--reuid', String(USER), '--clear-groups', process.execPath, program, lock()],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    let said = '';
    child.stderr.on('data', (chunk) => {
      said += chunk;
    });
    await once(child, 'close');
    expect(said).toContain(`permission denied. ${home.at('vastai')} belongs to root.`);
    expect(said).toContain(`sudo chown -R "$(id -un)" ${home.at('vastai')}`);
  });
});
