import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { DOCUMENT, expectRotated, idOf, left, live, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const POST = 'POST /api/v0/auth/apikeys/';
const NOTICE = 'still rotating the key';
/** Signals within a tenth of a second count as one. */
const APART_MS = 300;

describe.skipIf(process.platform === 'win32').concurrent('a signal during a rotation', () => {
  it.for(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    '%s does not end it half-way',
    async (signal, { harness, expect }) => {
      await withKey(harness);
      harness.sandbox.fault(POST, { kind: 'latency', ms: 2000, acts: true });
      const run = harness.start([...ROTATE, '--json']);
      await expect.poll(harness.asked, { timeout: 20_000 }).toContain(POST);
      run.kill(signal);
      await expect.poll(() => run.stderr(), { timeout: 20_000 }).toContain(NOTICE);
      const ran = await run.ended;
      expect([ran.status, ran.json().deleted]).toEqual([0, true]);
      await expectRotated(harness);
    },
  );

  it('ends it at the second, and the next rotation continues it', async ({ harness, expect }) => {
    await withKey(harness);
    harness.sandbox.fault(POST, { kind: 'latency', ms: 60_000, acts: true });
    const run = harness.start([...ROTATE, '--json']);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    run.kill('SIGINT');
    await expect.poll(() => run.stderr(), { timeout: 20_000 }).toContain(NOTICE);
    await sleep(APART_MS);
    run.kill('SIGTERM');
    const ran = await run.ended;
    expect(ran.status).toBe(143);
    expect(ran.json().error).toMatchObject({
      code: 'interrupted',
      advice: [expect.objectContaining({ command: 'vastai rotate api-key --resume' })],
    });
    expect(await left(harness)).toMatchObject([{ next: 'create' }]);
    expect((await harness.vastai(ROTATE)).status).toBe(0);
    await expectRotated(harness);
  });
});

describe.concurrent('a rotation with --grace that is killed', () => {
  it.for([
    ['while the new key is created', POST],
    ['while the new key is checked', 'GET /api/v0/users/current/'],
  ] as const)('%s keeps the old key as long as it was meant to', async ([, route], { harness, expect }) => {
    const { vastai, start, sandbox, asked } = harness;
    await withKey(harness);
    const before = asked().length;
    sandbox.fault(route, { kind: 'latency', ms: 3_600_000, acts: true });
    const run = start([...ROTATE, '--grace', '7d']);
    await expect.poll(() => asked().slice(before), { timeout: 20_000 }).toContain(route);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    run.kill('SIGKILL');
    await run.ended;
    const resumed = await vastai([...ROTATE, '--json']);
    expect(resumed.json()).toMatchObject({
      old: { id: 42 },
      deleted: false,
      finish_after: expect.any(Number),
    });
    expect(live(harness)).toHaveLength(2);
    expect((await vastai([...ROTATE, '--finish'])).status).toBe(0);
    await expectRotated(harness);
  });

  it('deletes the old key when it is continued with --finish', async ({ harness, expect }) => {
    const { vastai, start, sandbox } = harness;
    await withKey(harness);
    sandbox.fault(POST, { kind: 'latency', ms: 3_600_000, acts: true });
    const run = start([...ROTATE, '--grace', '7d']);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    run.kill('SIGKILL');
    await run.ended;
    expect((await vastai([...ROTATE, '--finish', '--json'])).json()).toMatchObject({ deleted: true });
    await expectRotated(harness);
  });
});

describe.skipIf(process.platform !== 'linux').concurrent('a new key that has to be printed', () => {
  it('is kept in a file if it cannot be', async ({ harness, expect }) => {
    const { addKey, home, vastai } = harness;
    const old = await addKey({ name: 'laptop', permissions: DOCUMENT });
    const through = ['sh', '-c', 'exec "$@" > /dev/full', 'sh'];
    const ran = await vastai(ROTATE, { env: { VAST_API_KEY: old.value }, through });
    expect(ran.status).not.toBe(0);
    const path = Object.keys(await home.files()).find((name) => name.includes('unsaved-key')) ?? '';
    expect(ran.stderr).toContain(path);
    const key = ((await home.read(path)) ?? '').trim();
    await recordKey(key);
    expect(await idOf(harness, key)).toBe(43);
    expect(live(harness).map(({ id }) => id)).toEqual([42, 43]);
    expect(await left(harness)).toEqual([]);
  });
});
