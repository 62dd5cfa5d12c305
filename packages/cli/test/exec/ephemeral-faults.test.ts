import { chmod, rm } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { REQUEST_FAULTS } from '@vastai-cli/testing/request-faults';
import { describe, expect, it } from 'vitest';
import { entriesLeft, keysOfRuns, maker } from './ephemeral-runs.js';

const POST = 'POST /api/v0/auth/apikeys/';
const USER = 'GET /api/v0/users/current/';
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const RUN = [
  'exec',
  '--ephemeral',
  '--allow',
  'user_read',
  '--',
  process.execPath,
  '-e',
  'console.log("ran")',
];
const NEXT = ['exec', '--', process.execPath, '-e', 'console.log("next")'];

/** Runs one after the other with each fault, then the next command, after which no key of a run is left. */
async function through(
  route: string,
  judge: (name: string, ran: { status: number | null; stdout: string }, harness: Harness) => void,
): Promise<void> {
  const harness = await createHarness(BIN);
  try {
    await maker(harness);
    for (const [name, fault] of REQUEST_FAULTS) {
      harness.sandbox.fault(route, fault);
      const ran = await harness.vastai(RUN);
      harness.sandbox.clearFaults();
      judge(name, ran, harness);
      const next = await harness.vastai(NEXT);
      expect([name, next.status, next.stdout]).toEqual([name, 0, 'next\n']);
      expect([name, keysOfRuns(harness)]).toEqual([name, []]);
    }
    expect((await entriesLeft(harness)).filter(({ id }) => id !== undefined)).toEqual([]);
  } finally {
    await harness.close();
  }
}

describe.concurrent('exec --ephemeral that something happens to', () => {
  it(
    'starts nothing if the key was not made, and deletes one whose value is lost',
    { timeout: 120_000 },
    () =>
      through(POST, (name, { status, stdout }, harness) => {
        expect([name, stdout]).toEqual([name, name === '429' ? 'ran\n' : '']);
        expect([name, status]).toEqual([name, name === '429' ? 0 : 8]);
        expect([name, keysOfRuns(harness)]).toEqual([name, []]);
      }),
  );

  it('asks again when the check of the key fails', { timeout: 120_000 }, () =>
    through(USER, (name, { status, stdout }, harness) => {
      const passes = !['HTML after', 'half a response'].includes(name) || status === 0;
      expect([name, stdout]).toEqual([name, passes ? 'ran\n' : '']);
      expect([name, keysOfRuns(harness)]).toEqual([name, []]);
    }),
  );

  it('deletes the key, or says that it could not', { timeout: 120_000 }, () =>
    through(DELETE, (name, { status, stdout }, harness) => {
      expect([name, stdout]).toEqual([name, 'ran\n']);
      expect([name, status]).toEqual([name, keysOfRuns(harness).length === 0 ? 0 : 1]);
    }),
  );

  it('starts nothing if the ledger cannot be written, and leaves no key', { timeout: 60_000 }, async () => {
    const harness = await createHarness(BIN);
    try {
      await maker(harness);
      await harness.vastai(RUN);
      const folder = harness.home.at('.config/vastai');
      await chmod(folder, 0o500);
      const first = await harness.vastai(RUN, { through: AS_ANYBODY });
      await chmod(folder, 0o700);
      expect([first.status, first.stdout]).toEqual([9, '']);
      expect(harness.asked().filter((line) => line === POST)).toHaveLength(1);
      harness.sandbox.fault(POST, { kind: 'latency', ms: 1500, acts: true });
      const second = harness.start(RUN, { through: AS_ANYBODY });
      await expect.poll(() => keysOfRuns(harness).length, { timeout: 20_000 }).toBe(1);
      await chmod(folder, 0o500);
      const ran = await second.ended;
      await chmod(folder, 0o700);
      expect([ran.status, ran.stdout]).toEqual([9, '']);
      expect(keysOfRuns(harness)).toEqual([]);
      await harness.vastai(NEXT);
      await rm(harness.home.at('.config/vastai/ledger.json'));
    } finally {
      await chmod(harness.home.at('.config/vastai'), 0o700);
      await harness.close();
    }
  });

  it('cleans up only after runs that are over, and only with the key that made theirs', {
    timeout: 60_000,
  }, async () => {
    const harness = await createHarness(BIN);
    try {
      const { value } = await maker(harness);
      const other = await harness.addKey({
        name: 'other',
        permissions: { api: { user_read: {}, user_write: {} } },
      });
      const waiting = ['--', process.execPath, '-e', 'setInterval(() => {}, 1000)'];
      const run = harness.start([...RUN.slice(0, 4), ...waiting]);
      await expect.poll(async () => (await entriesLeft(harness))[0]?.id, { timeout: 20_000 }).toBeDefined();
      const next = async (env = {}) => {
        const ran = await harness.vastai(NEXT, { env });
        expect([ran.status, ran.stdout]).toEqual([0, 'next\n']);
        return keysOfRuns(harness).length;
      };
      expect(await next()).toBe(1);
      run.kill('SIGKILL');
      await run.ended;
      expect(await next({ VAST_API_KEY: other.value })).toBe(1);
      const path = '.config/vastai/ledger.json';
      const ledger = JSON.parse((await harness.home.read(path)) ?? '');
      const elsewhere = async (hours: number) => {
        const [entry] = ledger.entries;
        const started = entry.started - hours * 3600;
        const moved = { ...entry, started, process: { ...entry.process, host: 'another' } };
        await harness.home.write(path, JSON.stringify({ ...ledger, entries: [moved] }));
      };
      await elsewhere(23);
      expect(await next({ VAST_API_KEY: value })).toBe(1);
      await elsewhere(25);
      // An API that does not respond only delays the program.
      harness.sandbox.fault(DELETE, { kind: 'latency', ms: 3_600_000 });
      expect(await next({ VAST_API_KEY: value })).toBe(1);
      harness.sandbox.clearFaults();
      expect(await next({ VAST_API_KEY: value })).toBe(0);
      expect(await entriesLeft(harness)).toEqual([]);
    } finally {
      await harness.close();
    }
  });
});
