import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { isRunning, processIdIn } from '@vastai-cli/testing/processes';
import { describe } from 'vitest';
import { entriesLeft, keysOfRuns, maker } from './ephemeral-runs.js';

const POST = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
const STATUS = { SIGINT: 130, SIGTERM: 143, SIGHUP: 129 } as const;
/** Signals within a tenth of a second count as one. */
const APART_MS = 300;
const node = (script: string) => ['--', process.execPath, '-e', script];
const RUN = ['exec', '--ephemeral', '--allow', 'user_read'];
const WAITING = node(
  'require("node:fs").writeFileSync("pid", process.pid + "\\n"); setInterval(() => {}, 1000)',
);
const LATER = { timeout: 20_000 };

describe.skipIf(process.platform === 'win32').concurrent('a signal for exec --ephemeral', () => {
  it.for(SIGNALS)(
    '%s while the key is made deletes it, and starts nothing',
    async (signal, { harness, expect }) => {
      await maker(harness);
      harness.sandbox.fault(POST, { kind: 'latency', ms: 1500, acts: true });
      const run = harness.start([...RUN, ...node('console.log("started")')]);
      await expect.poll(() => keysOfRuns(harness).length, LATER).toBe(1);
      run.kill(signal);
      const ran = await run.ended;
      expect(ran).toMatchObject({ status: STATUS[signal], stdout: '' });
      expect(ran.stderr).toMatch(/still waiting .* “exec [0-9a-f]+” may now exist/u);
      expect(ran.stderr.match(/Warning:/gu)).toHaveLength(1);
      expect(keysOfRuns(harness)).toEqual([]);
      expect(await entriesLeft(harness)).toEqual([]);
    },
  );

  it.for(SIGNALS)('%s while the program runs ends it, and the key', async (signal, { harness, expect }) => {
    await maker(harness);
    const run = harness.start([...RUN, ...WAITING]);
    await processIdIn(harness.home.at('pid'));
    run.kill(signal);
    const ran = await run.ended;
    expect(ran).toMatchObject({ status: STATUS[signal], stderr: '' });
    expect(keysOfRuns(harness)).toEqual([]);
  });

  it.for(SIGNALS)('%s while the key is deleted does not stop that', async (signal, { harness, expect }) => {
    await maker(harness);
    harness.sandbox.fault(DELETE, { kind: 'latency', ms: 1500 });
    const run = harness.start([...RUN, ...node('process.exit(3)')]);
    await expect.poll(harness.asked, LATER).toContainEqual(expect.stringMatching(/^DELETE/u));
    run.kill(signal);
    const ran = await run.ended;
    expect(ran.status).toBe(3);
    expect(ran.stderr).toContain('Still deleting API key');
    expect(keysOfRuns(harness)).toEqual([]);
  });

  it('a second one stops it, and the next command deletes the key', async ({ harness, expect }) => {
    await maker(harness);
    harness.sandbox.fault(DELETE, { kind: 'latency', ms: 3_600_000 });
    const run = harness.start([...RUN, ...node('')]);
    await expect.poll(harness.asked, LATER).toContainEqual(expect.stringMatching(/^DELETE/u));
    run.kill('SIGINT');
    await expect.poll(() => run.stderr(), LATER).toContain('Still deleting');
    await sleep(APART_MS);
    run.kill('SIGINT');
    const ran = await run.ended;
    expect(ran.status).toBe(130);
    expect(ran.stderr).toContain('vastai delete api-key');
    harness.sandbox.clearFaults();
    expect((await harness.vastai(['exec', ...node('')])).status).toBe(0);
    expect(keysOfRuns(harness)).toEqual([]);
  });

  it('a second one while the key is made leaves it to the next command', async ({ harness, expect }) => {
    await maker(harness);
    harness.sandbox.fault(POST, { kind: 'latency', ms: 3_600_000, acts: true });
    const run = harness.start([...RUN, ...node('console.log("started")')]);
    await expect.poll(() => keysOfRuns(harness).length, LATER).toBe(1);
    run.kill('SIGINT');
    await expect.poll(() => run.stderr(), LATER).toContain('may now exist');
    await sleep(APART_MS);
    run.kill('SIGTERM');
    expect(await run.ended).toMatchObject({ status: 143, stdout: '' });
    expect((await harness.vastai(['exec', ...node('')])).status).toBe(0);
    expect(keysOfRuns(harness)).toEqual([]);
    expect(await entriesLeft(harness)).toEqual([]);
  });
});

describe.skipIf(process.platform !== 'linux').concurrent('kill -9 of vastai exec', () => {
  it.for([
    ['--broker', ['exec', '--broker']],
    ['--ephemeral', RUN],
  ] as const)('ends the program, with %s', async ([, args], { harness, expect }) => {
    await maker(harness);
    const stubborn = 'process.on("SIGTERM", () => {});';
    const [dashes, program, flag, script] = WAITING;
    const run = harness.start([...args, dashes, program, flag, `${stubborn}${script}`] as string[]);
    const pid = await processIdIn(harness.home.at('pid'));
    run.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), LATER).toBe(false);
    await run.ended;
  });
});
