import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness } from '@vastai-cli/testing/harness';
import { createKeychainHarness } from '@vastai-cli/testing/keychain-harness';
import { secretServiceInstalled } from '@vastai-cli/testing/secret-service';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { type Call, straceWorks, type Traced, traceFromStart } from '@vastai-cli/testing/strace';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';
import { entriesLeft, keysOfRuns, maker } from './ephemeral-runs.js';

const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const POST = 'POST /api/v0/auth/apikeys/';
const RUN = ['exec', '--ephemeral', '--allow', 'user_read'];
const node = (script: string) => ['--', process.execPath, '-e', script];
const NEXT = ['exec', ...node('')];
const LATER = { timeout: 20_000 };

describe.concurrent('exec --ephemeral, twice or on a terminal', () => {
  it('gives two programs at once a key each, and deletes both', async ({ harness }) => {
    await maker(harness);
    const until =
      'const { existsSync } = require("node:fs"); setInterval(() => existsSync("go") && process.exit(), 20)';
    const runs = [1, 2].map(() => harness.start([...RUN, ...node(until)]));
    await expect.poll(async () => (await entriesLeft(harness)).filter(({ id }) => id).length, LATER).toBe(2);
    expect(keysOfRuns(harness)).toHaveLength(2);
    expect(await harness.vastai(NEXT)).toMatchObject({ status: 0, stderr: '' });
    expect(keysOfRuns(harness)).toHaveLength(2);
    await harness.home.write('go', '');
    for (const { ended } of runs) expect(await ended).toMatchObject({ status: 0, stderr: '' });
    expect(keysOfRuns(harness)).toEqual([]);
    expect(await entriesLeft(harness)).toEqual([]);
  });

  it.runIf(canOpenTerminal())('deletes the key although Ctrl-C is pressed twice', async ({ harness }) => {
    await maker(harness);
    harness.sandbox.fault(DELETE, { kind: 'latency', ms: 2000 });
    const session = harness.onTerminal([
      ...RUN,
      ...node('console.log("ready"); setInterval(() => {}, 1000)'),
    ]);
    await session.see('ready');
    session.type('\x03');
    await expect.poll(harness.asked, LATER).toContainEqual(expect.stringMatching(/^DELETE/u));
    await sleep(200);
    session.type('\x03');
    await session.see('Still deleting API key');
    expect((await session.ended).status).toBe(130);
    expect(keysOfRuns(harness)).toEqual([]);
    expect(await entriesLeft(harness)).toEqual([]);
  });

  it.skipIf(process.platform === 'win32')('leaves what doctor finds, and deletes', async ({ harness }) => {
    const { home } = harness;
    const { value } = await maker(harness);
    const other = await harness.addKey({ name: 'other' });
    const run = harness.start([...RUN, ...node('setInterval(() => {}, 1000)')]);
    await expect.poll(async () => (await entriesLeft(harness))[0]?.id, LATER).toBeDefined();
    run.kill('SIGKILL');
    await run.ended;
    const findings = async (key: string) => {
      const ran = await harness.vastai(['doctor', '--json'], { env: { VAST_API_KEY: key } });
      return ran.json().checks.filter(({ check }: { check: string }) => check === 'ephemeral');
    };
    expect(await findings(other.value)).toMatchObject([
      { state: 'info', message: expect.stringContaining('may still exist') },
    ]);
    expect(keysOfRuns(harness)).toHaveLength(1);
    harness.sandbox.fault(DELETE, { kind: 'answer', status: 502, body: 'Bad' }, 2);
    expect(await findings(value)).toMatchObject([
      { state: 'problem', fix: expect.stringContaining('delete api-key') },
    ]);
    expect(await findings(value)).toMatchObject([
      { state: 'info', message: expect.stringContaining('Deleted') },
    ]);
    expect(await findings(value)).toEqual([]);
    expect(keysOfRuns(harness)).toEqual([]);
    // It goes with its last entry.
    expect(await home.read('.config/vastai/ledger.json')).toBeUndefined();
  });
});

describe.runIf(smallDisksWork())('exec --ephemeral on a full disk', () => {
  it.for([
    ['before it begins', 0],
    ['while the key is made', 2500],
  ] as const)(
    'starts nothing, and leaves no key, if it is full %s',
    async ([, ms], { harness, onTestFinished }) => {
      const { value } = await maker(harness);
      const disk = mountSmallDisk();
      onTestFinished(() => disk.remove());
      const env = { XDG_CONFIG_HOME: disk.path, VAST_API_KEY: value };
      expect((await harness.vastai([...RUN, ...node('')], { env })).status).toBe(0);
      if (ms === 0) disk.leaveBlocks(0);
      else harness.sandbox.fault(POST, { kind: 'latency', ms, acts: true });
      const run = harness.start([...RUN, ...node('console.log("started")')], { env });
      if (ms > 0) {
        await expect.poll(() => keysOfRuns(harness).length, LATER).toBe(1);
        disk.leaveBlocks(0);
      }
      expect(await run.ended).toMatchObject({ status: 9, stdout: '' });
      expect(keysOfRuns(harness)).toEqual([]);
      disk.empty();
      expect((await harness.vastai(NEXT, { env })).status).toBe(0);
    },
  );
});

describe.runIf(secretServiceInstalled())('exec --ephemeral with a keychain', () => {
  it('makes nothing while it is locked, and needs it only to begin', async () => {
    const harness = await createKeychainHarness(BIN);
    try {
      const { value } = await maker(harness);
      await harness.keep('keychain', value);
      const env = { VASTAI_KEYCHAIN_TIMEOUT: '5' };
      await harness.keychain.lock();
      const run = () => harness.vastai([...RUN, ...node('console.log("ran")')], { env });
      expect(await run()).toMatchObject({ status: 9, stdout: '' });
      expect(harness.asked()).toEqual([]);
      await harness.keychain.unlock();
      harness.sandbox.fault(POST, { kind: 'latency', ms: 1500, acts: true });
      const running = run();
      await expect.poll(() => keysOfRuns(harness).length, LATER).toBe(1);
      await harness.keychain.lock();
      expect(await running).toMatchObject({ status: 0, stdout: 'ran\n' });
      expect(keysOfRuns(harness)).toEqual([]);
    } finally {
      await harness.close();
    }
  });
});

/** System calls that change which files there are. Between two of them, a later run finds the same. */
const NAMES = ['link', 'linkat', 'rename', 'renameat', 'renameat2', 'unlink', 'unlinkat'];
const isOurs = ({ text }: Call) => text.includes('~/.config/') && !/lock/u.test(text);

/** Runs under strace, in a home and an account of its own, and kills the process at a call; then runs the next command. */
async function traced(judge: (name: string, traced: Traced) => void, killAt?: Call): Promise<void> {
  const harness = await createHarness(BIN);
  try {
    await maker(harness);
    const env = { ...harness.home.env, VAST_URL: harness.sandbox.url, NODE_DISABLE_COMPILE_CACHE: '1' };
    const command = [BIN, ...RUN, ...node('')];
    judge(
      killAt?.text ?? '',
      await traceFromStart({ command, env, input: '', names: NAMES, ...(killAt && { killAt }) }),
    );
    expect((await harness.vastai(NEXT)).status).toBe(0);
    expect([killAt?.text, keysOfRuns(harness)]).toEqual([killAt?.text, []]);
    expect((await entriesLeft(harness)).filter(({ id }) => id !== undefined)).toEqual([]);
  } finally {
    await harness.close();
  }
}

describe.runIf(straceWorks())('kill -9 of exec --ephemeral', () => {
  it('at any change of a file leaves no key after the next command', { timeout: 300_000 }, async () => {
    let calls: readonly Call[] = [];
    await traced((_, { status, calls: all }) => {
      expect(status).toBe(0);
      calls = all.filter(isOurs);
    });
    expect(calls.filter(({ text }) => text.includes('ledger.json')).length).toBeGreaterThanOrEqual(3);
    for (const call of calls)
      await traced((name, { signal }) => expect([name, signal]).toEqual([name, 'SIGKILL']), call);
  });
});
