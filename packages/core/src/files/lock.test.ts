import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { linkSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, utimesSync } from 'node:fs';
import { hostname } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { signalProcess } from '@vastai-cli/testing/processes';
import { afterEach, describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { withLock } from './lock.js';
import { thisProcess } from './lock-holder.js';

const home = useHome();
const unix = process.platform !== 'win32';
const program = fileURLToPath(new URL('../../test/programs/hold-lock.mjs', import.meta.url));
const lock = () => home.at('vastai', '.lock');
const children: ChildProcess[] = [];
afterEach(() => {
  for (const child of children.splice(0)) child.kill('SIGKILL');
});

/** Starts a process that holds the lock until it is asked to release it, or killed. */
async function startHolder() {
  const child = spawn(process.execPath, [program, lock()], { stdio: ['pipe', 'pipe', 'inherit'] });
  children.push(child);
  await once(child.stdout, 'data');
  let said = '';
  child.stdout.on('data', (chunk) => {
    said += chunk;
  });
  return { child, said: () => said };
}

/** Returns the id of a process that has ended. */
function deadPid(): number {
  return spawnSync(process.execPath, ['-e', '']).pid;
}

/** Returns the names in the folder of the lock. */
const names = () => readdirSync(home.at('vastai'));

/** Returns true if the lock is still waited for, after several tries. */
async function waits(work: Promise<unknown>): Promise<boolean> {
  return Promise.race([work.then(() => false), sleep(150).then(() => true)]);
}

describe('the lock', () => {
  it('is held while the work runs, names its holder, and is gone afterwards', async () => {
    const done = await withLock(lock(), async () => {
      expect(JSON.parse(readFileSync(lock(), 'utf8'))).toMatchObject({ pid: process.pid, host: hostname() });
      if (unix) expect(statSync(lock()).mode & 0o777).toBe(0o600);
      return 'done';
    });
    expect(done).toBe('done');
    expect(names()).toEqual([]);
  });

  it('is gone when the work fails', async () => {
    const failing = withLock(lock(), () => Promise.reject(new Error('of the work')));
    await expect(failing).rejects.toThrow('of the work');
    expect(names()).toEqual([]);
  });

  it('is waited for while its holder lives', async () => {
    const holder = await startHolder();
    const waiting = withLock(lock(), async () => holder.said());
    expect(await waits(waiting)).toBe(true);
    holder.child.stdin?.end();
    expect(await waiting).toBe('released\n');
    expect(names()).toEqual([]);
  });

  it('reports once which process it waits for, if that takes long', async () => {
    const holder = await startHolder();
    const told: string[] = [];
    const waiting = withLock(
      lock(),
      async () => holder.said(),
      (text) => told.push(text),
    );
    while (told.length === 0) await sleep(20);
    expect(await waits(waiting)).toBe(true);
    holder.child.stdin?.end();
    expect(await waiting).toBe('released\n');
    expect(told).toEqual(['Waiting for another vastai that is changing keys or settings.']);
  });

  it('is taken silently if it is free', async () => {
    const told: string[] = [];
    await withLock(
      lock(),
      async () => {},
      (text) => told.push(text),
    );
    expect(told).toEqual([]);
  });

  it('is taken over from a holder that was killed, with nothing left behind', async () => {
    const { child } = await startHolder();
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(names()).toEqual(['.lock']);
    expect(await withLock(lock(), async () => names())).toEqual(['.lock']);
    expect(names()).toEqual([]);
  });

  it('is released by a holder that exits in the middle of its work', () => {
    const exiting = fileURLToPath(new URL('../../test/programs/exit-in-lock.mjs', import.meta.url));
    expect(spawnSync(process.execPath, [exiting, lock()]).status).toBe(7);
    expect(names()).toEqual([]);
  });

  it('is not released by a holder that lost it to another process', async () => {
    await withLock(lock(), async () => {
      rmSync(lock());
      home.put(lock(), 'of another');
    });
    expect(readFileSync(lock(), 'utf8')).toBe('of another');
  });

  it.runIf(process.platform === 'linux')(
    'is taken over when its holder died and the number of its process is that of another one now',
    async () => {
      const { child } = await startHolder();
      const other = JSON.parse(readFileSync(lock(), 'utf8'));
      child.kill('SIGKILL');
      await once(child, 'exit');
      for (const pid of [process.pid, process.ppid]) {
        home.put(lock(), JSON.stringify({ ...other, pid }));
        expect(await withLock(lock(), async () => 'taken over')).toBe('taken over');
      }
    },
  );

  it.runIf(process.platform === 'linux')(
    'is taken over from a holder that was killed, and whose parent does not ask for its status',
    async () => {
      const script = 'exec 3<&0; "$@" <&3 & exec sleep 60';
      const parent = spawn('sh', ['-c', script, 'sh', process.execPath, program, lock()], {
        stdio: ['pipe', 'pipe', 'inherit'],
      });
      children.push(parent);
      await once(parent.stdout, 'data');
      signalProcess(JSON.parse(readFileSync(lock(), 'utf8')).pid, 'SIGKILL');
      expect(await withLock(lock(), async () => 'taken over')).toBe('taken over');
    },
  );

  it.runIf(process.platform === 'linux')('keeps out other work of the same process', async () => {
    const seen: string[] = [];
    const work = (name: string) => async () => {
      seen.push(`${name} begins`);
      await sleep(20);
      seen.push(`${name} ends`);
    };
    await Promise.all(['a', 'b', 'c'].map((name) => withLock(lock(), work(name))));
    for (let index = 0; index < seen.length; index += 2)
      expect(seen[index + 1]).toBe(seen[index]?.replace('begins', 'ends'));
  });

  it.each([
    ['of another machine', () => JSON.stringify({ pid: deadPid(), host: `not-${hostname()}`, nonce: 'x' })],
    ['that is empty', () => ''],
    ['that is not JSON', () => '{'],
    ['that is no holder', () => '{"pid":"1","host":[]}'],
    ['with a negative process id', () => JSON.stringify({ pid: -1, host: hostname() })],
  ])('%s is taken over when it is old, and waited for before', async (_, content) => {
    home.put(lock(), content());
    const waiting = withLock(lock(), async () => 'taken over');
    expect(await waits(waiting)).toBe(true);
    const old = new Date(Date.now() - 6 * 60_000);
    utimesSync(lock(), old, old);
    expect(await waiting).toBe('taken over');
    expect(names()).toEqual([]);
  });

  it('removes the files of processes that were killed while taking it', async () => {
    home.put(home.at('vastai', '.lock.0123456789ab'), '{}');
    home.put(home.at('vastai', '.lock.0123456789ab.0123456789ab'), '{}');
    home.put(home.at('vastai', '.locksmith'), '');
    await withLock(lock(), async () => {});
    expect(names()).toEqual(['.locksmith']);
  });

  it.runIf(unix)('does not hang on a pipe in its place', async () => {
    mkdirSync(home.at('vastai'));
    execFileSync('mkfifo', [lock()]);
    const waiting = withLock(lock(), async () => 'taken');
    expect(await waits(waiting)).toBe(true);
    rmSync(lock());
    expect(await waiting).toBe('taken');
  });

  it('reports that it cannot be made', async () => {
    home.put(home.at('vastai'), '');
    await expect(withLock(lock(), async () => {})).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringMatching(/not a folder/),
    });
  });

  it.runIf(process.platform === 'linux')(
    'is given to one after the other, also when many find it dead at once',
    async () => {
      // Each holder makes the same link, so a second holder at the same time would find it.
      const inside = home.at('inside');
      home.put(home.at('file'), '');
      const work = async () => {
        linkSync(home.at('file'), inside);
        await sleep(1);
        rmSync(inside);
      };
      for (let round = 0; round < 3; round += 1) {
        home.put(lock(), JSON.stringify({ ...(await thisProcess()), pid: deadPid() }));
        await Promise.all(Array.from({ length: 6 }, () => withLock(lock(), work)));
      }
      expect(names()).toEqual([]);
    },
  );
});
