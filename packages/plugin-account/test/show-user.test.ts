import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const USER = 'GET /api/v0/users/current/';

describe.concurrent('show user', () => {
  it('prints the account as indented JSON, without the key', async ({
    harness: { vastai, saveKey, asked },
  }) => {
    await saveKey();
    const ran = await vastai(['show', 'user']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toBe(`${JSON.stringify(ran.json(), null, 2)}\n`);
    expect(ran.json()).toEqual({
      id: 123456,
      username: 'you',
      email: 'you@example.com',
      credit: 25,
      balance: 0,
      ssh_key: expect.stringMatching(/^ssh-rsa /),
      key_id: 40,
    });
    expect((await vastai(['show', 'user', '--json'])).stdout).toBe(ran.stdout);
    expect(asked()).toEqual([USER, USER]);
  });

  it('prints the fields in the same order, whatever their order in the response', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const fields = Object.entries({ id: 7, email: 'a@b.c', credit: 1, key_id: 3, api_key: sandbox.key });
    for (const entries of [fields, fields.toReversed()]) {
      sandbox.fault(USER, { kind: 'answer', status: 200, body: Object.fromEntries(entries) });
      expect(Object.keys((await vastai(['show', 'user'])).json())).toEqual([
        'id',
        'email',
        'credit',
        'key_id',
      ]);
    }
  });

  it('omits what the API omits', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 200, body: { id: 7, email: null } }, 2);
    expect((await vastai(['show', 'user', '--json'])).json()).toEqual({ id: 7 });
    expect((await vastai(['show', 'user', '--raw'])).json()).toEqual({ id: 7, email: null });
  });

  it('prints the API response with --raw, without secrets at any depth', async ({ harness }) => {
    const { vastai, sandbox, saveKey, unknownKey } = harness;
    await saveKey();
    const secret = await unknownKey();
    const body = { id: 7, api_key: secret, extra: { a: [{ api_key: secret, b: 1 }] }, session_key: secret };
    sandbox.fault(USER, { kind: 'answer', status: 200, body });
    const ran = await vastai(['show', 'user', '--raw']);
    expect(ran.json()).toEqual({ id: 7, extra: { a: [{ b: 1 }] } });
  });
});
