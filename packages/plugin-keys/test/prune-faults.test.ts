import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const DAY = 86_400;
const ago = (days: number) => Math.floor(Date.now() / 1000) - days * DAY;
const ARGS = ['prune', 'api-keys', '--unused-for', '90d', '--yes', '--retry', '0', '--json'];

/** Each request of a prune of the keys 42 to 44, in order. */
const STEPS = [
  'GET /api/v0/auth/apikeys/',
  'GET /api/v0/audit_logs/',
  'GET /api/v0/users/current/',
  ...[42, 43, 44].map((id) => `DELETE /api/v0/auth/apikeys/${id}/`),
] as const;

const FAULTS = {
  'dropped before it acts': { kind: 'drop', acts: false },
  'dropped after it acted': { kind: 'drop', acts: true },
  '429': { kind: 'answer', status: 429, body: { detail: 'Too many.' } },
  '502': { kind: 'answer', status: 502 },
  '502 after it acted': { kind: 'answer', status: 502, acts: true },
  'a page of a proxy': { kind: 'junk' },
} as const;

/** Adds three keys to delete and one that a profile has, whose id is noted. */
async function prepare({ saveKey, addKey, sandbox, home }: Harness): Promise<void> {
  await saveKey();
  const permissions = { api: { instance_write: {} } };
  for (const name of ['a', 'b', 'c', 'mine']) {
    const { id } = await addKey({ name, permissions, createdAt: ago(200) });
    const call = { ip_address: '192.0.2.1', api_route: '/api/v0/instances/5/', args: '{}' };
    sandbox.addAuditRows([{ ...call, api_key_id: id, created_at: ago(100) }]);
  }
  const work = { storage: 'keychain', key_id: 45 };
  await home.write('.config/vastai/config.json', JSON.stringify({ version: 1, profiles: { work } }));
}

const live = ({ sandbox }: Harness) =>
  sandbox
    .keys()
    .filter(({ revoked, id }) => !revoked && id !== 41)
    .map(({ id }) => id);

/** Checks that a second run finishes, and that only what had to stay is left. */
async function finish(harness: Harness): Promise<void> {
  harness.sandbox.clearFaults();
  const again = await harness.vastai(ARGS);
  expect(again.status).toBe(0);
  expect(again.json()).toMatchObject({ failed: [], kept: [{ id: 45, reason: 'profile' }] });
  expect(live(harness)).toEqual([40, 45]);
}

describe.concurrent('prune api-keys', () => {
  const faulty = STEPS.flatMap((step) => Object.keys(FAULTS).map((fault) => [step, fault] as const));

  it.for(faulty)('tells what happened and can be run again: %s %s', async ([step, fault], { harness }) => {
    await prepare(harness);
    harness.sandbox.fault(step, FAULTS[fault as keyof typeof FAULTS]);
    const ran = await harness.vastai(ARGS);
    expect([7, 8]).toContain(ran.status);
    const left = live(harness);
    expect(left).toEqual(expect.arrayContaining([40, 45]));
    // What it says is gone is gone.
    for (const id of ran.json().deleted ?? []) expect(left).not.toContain(id);
    if (step.startsWith('GET')) expect(left).toEqual([40, 42, 43, 44, 45]);
    await finish(harness);
  });

  it.skipIf(process.platform === 'win32').for(STEPS)(
    'can be killed and run again: %s',
    async (step, { harness }) => {
      await prepare(harness);
      harness.sandbox.fault(step, { kind: 'stall' });
      const run = harness.start(ARGS);
      await expect.poll(() => harness.asked().includes(step), { timeout: 20_000 }).toBe(true);
      run.kill('SIGKILL');
      await run.ended;
      expect(live(harness)).toEqual(expect.arrayContaining([40, 45]));
      await finish(harness);
    },
  );
});
