import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe } from 'vitest';

const USER = 'GET /api/v0/users/current/';

/** Runs `scan --verify` on one line for each key. */
async function verify({ vastai, home }: Harness, keys: readonly string[], args: readonly string[] = []) {
  await home.write('work/keys.env', keys.map((key) => `VAST_API_KEY=${key}\n`).join(''));
  return vastai(['scan', 'work', '--verify', ...args]);
}

describe.concurrent('scan --verify', () => {
  it('asks once about each key, with that key alone, and says whose a live one is', async ({
    harness,
    expect,
  }) => {
    const { addKey, sandbox, saveKey, unknownKey, asked } = harness;
    await saveKey();
    const { id, value } = await addKey({ name: 'ci' });
    const scoped = await addKey({ name: 'scoped', permissions: { api: { instance_read: {} } } });
    const gone = await unknownKey();
    const ran = await verify(harness, [value, gone, scoped.value, value, gone], ['--json']);
    expect(ran.status).toBe(10);
    const live = {
      verified: 'live',
      key_id: id,
      account: { id: expect.any(Number), email: expect.any(String) },
    };
    expect(ran.json().findings).toMatchObject([
      live,
      { verified: 'revoked' },
      { verified: 'live' },
      live,
      { verified: 'revoked' },
    ]);
    expect(asked()).toEqual([USER, USER, USER]);
    expect(sandbox.requests.map(({ authorization }) => authorization?.keyId)).toEqual([id, null, scoped.id]);
  });

  it('says who owns a live key, and how to delete it', async ({ harness, expect }) => {
    const { id, value } = await harness.addKey({ name: 'ci' });
    const ran = await verify(harness, [value]);
    expect(ran.stdout).toMatch(
      new RegExp(`^work/keys\\.env:1:14 {2}….* live \\(\\S+@\\S+, key ${id}\\)\n$`, 'u'),
    );
    expect(ran.stderr).toContain('vastai revoke api-key');
  });

  it.for([
    ['a rate limit', { kind: 'answer', status: 429, body: { error: 'rate', msg: 'threshold=1' } }],
    ['a server error', { kind: 'answer', status: 503, body: 'x' }],
    ['a page of a firewall', { kind: 'answer', status: 403, body: '<html>' }],
    ['a closed connection', { kind: 'drop' }],
    ['a redirect', { kind: 'redirect', to: '/api/v0/users/current/?again' }],
  ] as const)('does not know after %s, and does not ask again', async ([, fault], { harness, expect }) => {
    const { value } = await harness.addKey({ name: 'ci' });
    harness.sandbox.fault(USER, fault);
    const ran = await verify(harness, [value], ['--json', '--retry', '3']);
    expect(ran.status).toBe(10);
    expect(ran.json().findings).toMatchObject([{ verified: 'unknown' }]);
    expect(harness.asked()).toEqual([USER]);
  });

  it('asks nothing if nothing is found', async ({ harness, expect }) => {
    expect((await verify(harness, [])).status).toBe(0);
    expect(harness.asked()).toEqual([]);
  });

  it('sends no saved key to another API than its own', async ({ harness, expect }) => {
    const { vastai, sandbox } = harness;
    await vastai(['set', 'api-key', '-'], { input: sandbox.key });
    const before = harness.asked().length;
    const ran = await verify(harness, [sandbox.key], ['--json', '--url', 'http://127.0.0.1:9']);
    expect(ran.json().findings).toMatchObject([{ reason: 'known', verified: 'unknown' }]);
    expect(harness.asked()).toHaveLength(before);
  });

  it('is refused in a broker run, and scan alone is not', async ({ harness, expect }) => {
    const env = { VASTAI_BROKER: '1' };
    await harness.home.write('work/a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    expect(await harness.vastai(['scan', 'work', '--verify'], { env })).toMatchObject({
      status: 2,
      stdout: '',
    });
    expect((await harness.vastai(['scan', 'work'], { env })).status).toBe(10);
    expect(harness.asked()).toEqual([]);
  });
});
