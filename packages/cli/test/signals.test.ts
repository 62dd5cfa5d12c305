import { spawnSync } from 'node:child_process';
import { chmod, readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { processIdIn, signalProcess } from '@vastai-cli/testing/processes';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { childrenOf } from './support/processes.js';

const USER = 'GET /api/v0/users/current/';
const KEY_FILE = '.config/vastai/vast_api_key';
const SETTINGS = '.config/vastai/config.json';
const LOCK = '.config/vastai/.lock';
const SIGNALS = [
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const;
/** Makes a program process 1 of a PID namespace, as in a container: no signal has a default effect on it. */
const AS_INIT = ['unshare', '--user', '--map-root-user', '--pid', '--fork', '--mount-proc', '--kill-child'];

function canBeInit(): boolean {
  if (process.env.VASTAI_TEST_NO_SKIP === '1') return process.platform === 'linux';
  return spawnSync('unshare', [...AS_INIT.slice(1), 'true']).status === 0;
}

async function parentOf(pid: number): Promise<number> {
  return Number(/^PPid:\t(\d+)$/m.exec(await readFile(`/proc/${pid}/status`, 'utf8'))?.[1]);
}

/** A Node that leaves its process id in a file, and that another program may start. */
async function recordingPid({ home }: Harness, starter = ''): Promise<string> {
  const path = await home.write(
    'node',
    `#!/bin/sh\necho $$ > pid\nexec ${starter} '${process.execPath}' "$@"\n`,
  );
  await chmod(path, 0o700);
  return path;
}

describe.skipIf(process.platform === 'win32').concurrent('a command that receives a signal', () => {
  it.for(SIGNALS)(
    'leaves one document after %s, and ends with %i',
    async ([signal, status], { harness, expect }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(USER, { kind: 'latency', ms: 30_000 });
      const run = start(['show', 'user', '--json']);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([USER]);
      run.kill(signal);
      const ran = await run.ended;
      expect(ran).toMatchObject({ status, signal: null, stderr: '' });
      expect(ran.json()).toEqual({ error: { code: 'interrupted', message: 'Interrupted.' } });
    },
  );

  it.for(SIGNALS)(
    'keeps the report of what delete has done after %s',
    async ([signal, status], { harness, expect }) => {
      const { start, sandbox, saveKey, addKey, asked } = harness;
      await saveKey();
      const ids = [(await addKey({ name: 'a' })).id, (await addKey({ name: 'b' })).id].map(String);
      sandbox.fault('DELETE /api/v0/auth/apikeys/43/', { kind: 'latency', ms: 30_000 });
      const run = start(['delete', 'api-key', ...ids, '44', '--yes', '--json']);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(2);
      run.kill(signal);
      const ran = await run.ended;
      expect(ran.status).toBe(status);
      // Each id is in one list, also the one that was under way.
      expect(ran.json()).toEqual({
        error: {
          code: 'interrupted',
          message: 'Interrupted: 1 of 3 API keys are gone, 1 not tried.',
          hint: 'To continue, run the same command again: keys that are gone count as deleted.',
        },
        deleted: [42],
        absent: [],
        failed: [{ id: 43, error: expect.objectContaining({ code: 'interrupted' }) }],
        not_tried: [44],
      });
    },
  );

  it.for(SIGNALS)(
    'saves no key when %s comes while it is checked',
    async ([signal, status], { harness, expect }) => {
      const { start, sandbox, home, saveKey, unknownKey, asked } = harness;
      await saveKey();
      sandbox.fault(USER, { kind: 'latency', ms: 30_000 });
      const run = start(['set', 'api-key', '--json'], { input: await unknownKey() });
      await expect.poll(asked, { timeout: 20_000 }).toEqual([USER]);
      run.kill(signal);
      const ran = await run.ended;
      expect(ran.status).toBe(status);
      expect(ran.json().error.code).toBe('interrupted');
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
      expect(await home.read(SETTINGS)).toBeUndefined();
    },
  );

  it.for(SIGNALS)(
    'ends after %s while it waits for another vastai, and changes nothing',
    async ([signal, status], { harness, expect }) => {
      const { start, sandbox, home, saveKey, unknownKey } = harness;
      await saveKey();
      const holder = JSON.stringify({ pid: process.pid, host: hostname() });
      const lock = await home.write(LOCK, holder);
      for (const [args, input] of [
        [['set', 'api-key', '-', '--no-verify'], await unknownKey()],
        [['unset', 'api-key', '--yes'], ''],
        [['profile', 'use', 'default'], ''],
      ] as const) {
        const run = start(args, { input });
        await expect.poll(run.stderr, { timeout: 20_000 }).toContain('Waiting for another vastai');
        run.kill(signal);
        expect((await run.ended).status).toBe(status);
        expect(await home.read(KEY_FILE)).toBe(sandbox.key);
        expect(await home.read(LOCK)).toBe(holder);
      }
      await rm(lock);
    },
  );

  it.for(SIGNALS)(
    'ends after %s while it waits for a key command, which ends too',
    async ([signal, status], { harness, expect }) => {
      const { start, home, sandbox } = harness;
      const script = await home.write('key-command', '#!/bin/sh\necho "$$" > command-pid\nexec sleep 30\n');
      await chmod(script, 0o700);
      const profiles = { default: { storage: 'command', command: [script], url: sandbox.url } };
      await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
      const run = start(['show', 'user', '--json']);
      await expect.poll(() => home.read('command-pid'), { timeout: 20_000 }).toMatch(/\n$/);
      run.kill(signal);
      // Its standard error is that of the key command, which would hold it open.
      const ran = await run.ended;
      expect(ran.status).toBe(status);
      expect(ran.json().error.code).toBe('interrupted');
      const pid = (await home.read('command-pid'))?.trim();
      expect(await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '')).toBe('');
    },
  );

  it.for(SIGNALS)(
    'ends after %s while it waits for its input',
    async ([signal, status], { harness, expect }) => {
      const { start, home } = harness;
      const through = ['bash', '-c', 'exec "$@" < <(touch waiting; exec sleep 30 2>&-)', 'bash'];
      const run = start(['set', 'api-key', '-'], { through });
      await expect.poll(() => home.read('waiting'), { timeout: 20_000 }).toBeDefined();
      // Nothing tells that it listens; a signal before that ends it just as well.
      await new Promise((resolve) => setTimeout(resolve, 1500));
      run.kill(signal);
      const ran = await run.ended;
      expect([status, null]).toContain(ran.status);
      expect(ran.stdout).toBe('');
    },
  );
});

describe.runIf(canBeInit()).concurrent('a command that is process 1', () => {
  it.for(SIGNALS)('ends after %s with %i', async ([signal, status], { harness, expect }) => {
    const { start, sandbox, saveKey, asked, home } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'latency', ms: 30_000 });
    const run = start(['show', 'user'], { through: AS_INIT });
    await expect.poll(asked, { timeout: 20_000 }).toEqual([USER]);
    const [init = Number.NaN] = await childrenOf(run.pid ?? 0);
    signalProcess(init, signal);
    const ran = await run.ended;
    expect(ran).toMatchObject({ status, stdout: '', stderr: 'Error: Interrupted.\n' });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});

describe.runIf(process.platform === 'linux' && canOpenTerminal()).concurrent('on a terminal', () => {
  it.for([
    ['set', ['set', 'api-key'], 'API key:'],
    ['unset', ['unset', 'api-key'], 'Remove'],
  ] as const)(
    'a question is taken back by a signal (%s)',
    async ([, args, question], { harness, expect }) => {
      const { onTerminal, home, saveKey, sandbox } = harness;
      await saveKey();
      const terminal = onTerminal(args, { node: await recordingPid(harness) });
      await terminal.see(question);
      signalProcess(await processIdIn(home.at('pid')), 'SIGTERM');
      const { status, screen } = await terminal.ended;
      expect(status).toBe(143);
      expect(screen).toContain('Interrupted. Nothing was changed.');
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    },
  );

  it('a new key is kept if the terminal closes before it is printed', async ({ harness, expect }) => {
    const { onTerminal, home, saveKey, sandbox, asked } = harness;
    await saveKey();
    sandbox.fault('POST /api/v0/auth/apikeys/', { kind: 'latency', ms: 1500, acts: true });
    const terminal = onTerminal(['create', 'api-key', '--name', 'ci'], { node: await recordingPid(harness) });
    await expect.poll(asked, { timeout: 20_000 }).toHaveLength(1);
    const ofTerminal = await parentOf(await processIdIn(home.at('pid')));
    signalProcess(ofTerminal, 'SIGKILL');
    await terminal.ended;
    const folder = home.at('.config', 'vastai');
    const kept = async () => (await readdir(folder)).find((name) => name.startsWith('unsaved-key.'));
    await expect.poll(kept, { timeout: 20_000 }).toBeDefined();
    const key = ((await home.read(join('.config', 'vastai', (await kept()) ?? ''))) ?? '').trim();
    await recordKey(key);
    expect((await harness.vastai(['show', 'user', '--api-key', key])).status).toBe(0);
  });

  it('nohup keeps a command running when the terminal closes', async ({ harness, expect }) => {
    const { onTerminal, home, saveKey, sandbox, asked } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'latency', ms: 1500 });
    const terminal = onTerminal(['show', 'user'], {
      node: await recordingPid(harness, 'nohup'),
      stdoutTo: home.at('out'),
    });
    await expect.poll(asked, { timeout: 20_000 }).toEqual([USER]);
    signalProcess(await processIdIn(home.at('pid')), 'SIGHUP');
    expect((await terminal.ended).status).toBe(0);
    expect(await home.read('out')).toContain('"id": 123456');
  });
});
