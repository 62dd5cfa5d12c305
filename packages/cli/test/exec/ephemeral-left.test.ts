import { chmod } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { describe, type ExpectStatic, it } from 'vitest';
import { entriesLeft, keysOfRuns, maker } from './ephemeral-runs.js';

const POST = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/{id}/';
const EPHEMERAL = ['exec', '--ephemeral', '--allow', 'user_read', '--', process.execPath, '-e'];
const NEXT = ['exec', '--', process.execPath, '-e', 'console.log("next")'];
const DOCTOR = ['doctor', '--json'];
const PRUNE = ['prune', 'api-keys', '--expired', '--yes'];

interface Check {
  readonly check: string;
  readonly state: string;
  readonly message: string;
}

/** Starts runs, and kills them once their keys are made. */
async function killRuns(harness: Harness, count: number, expect: ExpectStatic): Promise<void> {
  const wait = 'setInterval(() => {}, 1000)';
  const runs = Array.from({ length: count }, () => harness.start([...EPHEMERAL, wait]));
  const known = async () => (await entriesLeft(harness)).filter(({ id }) => id !== undefined).length;
  await expect.poll(known, { timeout: 60_000 }).toBe(count);
  for (const run of runs) run.kill('SIGKILL');
  await Promise.all(runs.map(({ ended }) => ended));
}

describe.skipIf(process.platform === 'win32').concurrent('keys that killed runs left', () => {
  it('are not called left once they are gone, even if the ledger cannot be written', {
    timeout: 60_000,
  }, async ({ expect }) => {
    const harness = await createHarness(BIN);
    const folder = harness.home.at('.config/vastai');
    try {
      await maker(harness);
      await killRuns(harness, 2, expect);
      await chmod(folder, 0o500);
      const first = await harness.vastai(NEXT, { through: AS_ANYBODY });
      expect(keysOfRuns(harness)).toEqual([]);
      expect([first.status, first.stdout]).toEqual([0, 'next\n']);
      expect(first.stderr).not.toContain('could not be deleted');
      expect(first.stderr.match(/Deleted the key “exec /gu)).toHaveLength(2);
      expect(first.stderr.match(/could not be removed from the ledger/gu)).toHaveLength(1);
      const doctor = await harness.vastai(DOCTOR, { through: AS_ANYBODY });
      const checks = (doctor.json().checks as Check[]).filter(({ check }) => check === 'ephemeral');
      expect(doctor.stdout).not.toContain('could not be deleted');
      expect(checks.map(({ state }) => state)).toEqual(['info', 'info', 'problem']);
      expect(checks[2]?.message).toContain('could not be removed from the ledger');
      const pruned = await harness.vastai(PRUNE, { through: AS_ANYBODY });
      expect(pruned.stderr).not.toContain('could not be deleted');
      expect(pruned.stderr).toContain('could not be removed from the ledger');
      await chmod(folder, 0o700);
      await harness.vastai(NEXT);
      expect(await entriesLeft(harness)).toEqual([]);
    } finally {
      await chmod(folder, 0o700);
      await harness.close();
    }
  });

  it.for([[NEXT], [DOCTOR], [PRUNE]])(
    'are all deleted at the pace of the API by %j',
    {
      timeout: 60_000,
    },
    async ([next = []], { expect }) => {
      const harness = await createHarness(BIN, { rateLimits: { [DELETE]: 0.2 } });
      try {
        await maker(harness);
        await killRuns(harness, 3, expect);
        const ran = await harness.vastai(next);
        expect(ran.status).toBe(0);
        expect(ran.stdout + ran.stderr).not.toContain('could not be deleted');
        expect(keysOfRuns(harness)).toEqual([]);
        expect(await entriesLeft(harness)).toEqual([]);
      } finally {
        await harness.close();
      }
    },
  );

  it('are deleted even if the API makes one after the next command', { timeout: 60_000 }, async ({
    expect,
  }) => {
    const harness = await createHarness(BIN);
    try {
      await maker(harness);
      const begin = async () => {
        harness.sandbox.fault(POST, { kind: 'latency', ms: 3_600_000 });
        const asked = harness.asked().length;
        const run = harness.start([...EPHEMERAL, '']);
        await expect.poll(() => harness.asked().at(-1), { timeout: 20_000 }).toBe(POST);
        expect(harness.asked().length).toBeGreaterThan(asked);
        run.kill('SIGKILL');
        await run.ended;
        harness.sandbox.clearFaults();
        expect(await harness.vastai(NEXT)).toMatchObject({ status: 0, stderr: '' });
        const [entry, ...others] = await entriesLeft(harness);
        expect(others).toEqual([]);
        return entry as { name: string; started: number };
      };
      const { name } = await begin();
      await harness.addKey({ name, permissions: { api: { user_read: {} } } });
      expect((await harness.vastai(NEXT)).stderr).toContain(`Deleted the key “${name}”`);
      expect([keysOfRuns(harness), await entriesLeft(harness)]).toEqual([[], []]);
      const { started, ...entry } = await begin();
      const entries = [{ ...entry, started: started - 601 }];
      await harness.home.write('.config/vastai/ledger.json', JSON.stringify({ version: 1, entries }));
      expect(await harness.vastai(NEXT)).toMatchObject({ status: 0, stderr: '' });
      expect(await entriesLeft(harness)).toEqual([]);
    } finally {
      await harness.close();
    }
  });
});

describe.concurrent('exec --ephemeral at the pace of the API', () => {
  it('makes and deletes a key for each of many programs at once', { timeout: 120_000 }, async ({
    expect,
  }) => {
    const harness = await createHarness(BIN, { rateLimits: { [POST]: 1, [DELETE]: 1 } });
    try {
      await maker(harness);
      const runs = Array.from({ length: 8 }, () => harness.vastai([...EPHEMERAL, 'console.log("ran")']));
      for (const ran of await Promise.all(runs)) expect([ran.status, ran.stdout]).toEqual([0, 'ran\n']);
      expect(keysOfRuns(harness)).toEqual([]);
      expect(await entriesLeft(harness)).toEqual([]);
    } finally {
      await harness.close();
    }
  });

  it('does not advise a flag that it does not have', { timeout: 60_000 }, async ({ expect }) => {
    const harness = await createHarness(BIN);
    try {
      await maker(harness);
      // A limit that is longer than a request waits.
      harness.sandbox.fault(POST, { kind: 'answer', status: 429, body: 'endpoint threshold=3600.0' });
      const ran = await harness.vastai([...EPHEMERAL, 'console.log("ran")']);
      expect([ran.status, ran.stdout]).toEqual([7, '']);
      expect(ran.stderr).toContain('then try again');
      expect(ran.stderr).not.toContain('--retry');
    } finally {
      await harness.close();
    }
  });
});
