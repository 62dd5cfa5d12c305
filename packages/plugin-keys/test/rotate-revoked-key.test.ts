import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { describe } from 'vitest';
import { expectRotated, left, live, withKey } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const USER = 'GET /api/v0/users/current/';
const LIST = 'GET /api/v0/auth/apikeys/';
const POST = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/42/';
const old = ({ sandbox }: Harness) => sandbox.keys().find(({ id }) => id === 42);

describe.concurrent('a rotation whose old key is revoked by somebody else', () => {
  it.for([
    ['while the new one is created', POST, 0],
    ['while the new one is checked', USER, 0],
    ['while the new one is looked up', LIST, 1],
    ['before it is deleted', DELETE, 0],
  ] as const)('ends with the new key: %s', async ([, route, before], { harness, expect }) => {
    const { sandbox, start, asked, vastai } = harness;
    await withKey(harness);
    const began = asked().length;
    if (before > 0) sandbox.fault(route, { kind: 'latency', ms: 0 }, before);
    sandbox.fault(route, { kind: 'latency', ms: 1500, acts: route === POST });
    const run = start([...ROTATE, '--json']);
    await expect
      .poll(
        () =>
          asked()
            .slice(began)
            .filter((one) => one === route).length,
        { timeout: 20_000 },
      )
      .toBe(before + 1);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    sandbox.revoke(42);
    const ran = await run.ended;
    expect([ran.status, ran.stderr, ran.json().deleted]).toEqual([0, '', true]);
    await expectRotated(harness);
    expect((await vastai(['show', 'user'])).status).toBe(0);
  });

  it('is not said to leave a key that works', async ({ harness, expect }) => {
    const { sandbox, start, home } = harness;
    const { value } = await withKey(harness);
    sandbox.quirks.newPermissions = { api: { user_read: {} } };
    sandbox.fault(POST, { kind: 'latency', ms: 1500, acts: true });
    const run = start(ROTATE);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    sandbox.revoke(42);
    const ran = await run.ended;
    expect(ran.status).toBe(10);
    expect(ran.stderr).not.toContain('still works');
    expect(ran.stderr).toContain('The old key no longer works.');
    expect(await home.read(KEY_FILE)).toBe(value);
  });

  it('is not said to leave a key that works, if the response is lost', async ({ harness, expect }) => {
    const { sandbox, start, asked } = harness;
    await withKey(harness);
    const drop = { kind: 'latency', ms: 1500, acts: true } as const;
    sandbox.fault(POST, drop);
    const run = start([...ROTATE, '--timeout', '1']);
    await expect.poll(() => asked().includes(POST), { timeout: 20_000 }).toBe(true);
    await expect.poll(() => live(harness).length, { timeout: 20_000 }).toBe(2);
    sandbox.revoke(42);
    const ran = await run.ended;
    expect(ran.status).toBe(8);
    expect(ran.stderr).not.toContain('still works');
    expect(await left(harness)).toHaveLength(1);
    expect(old(harness)?.revoked).toBe(true);
  });
});

describe.concurrent('a rotation whose old key is deleted by somebody else', () => {
  it('ends if the new key may not delete keys', async ({ harness, expect }) => {
    const { sandbox, vastai } = harness;
    await withKey(harness);
    const body = { success: false, error: 'auth_error', msg: 'This key lacks privileges.' };
    sandbox.fault(DELETE, { kind: 'answer', status: 403, body }, Number.POSITIVE_INFINITY);
    const refused = await vastai(ROTATE);
    expect(refused.status).toBe(5);
    expect(refused.stderr).toContain('The new key');
    expect(refused.stderr).toContain('https://cloud.vast.ai/manage-keys/');
    sandbox.revoke(42);
    expect((await vastai([...ROTATE, '--resume'])).status).toBe(0);
    await expectRotated(harness);
  });
});
