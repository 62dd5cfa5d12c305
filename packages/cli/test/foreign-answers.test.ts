import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

type Fault = Parameters<Harness['sandbox']['fault']>[1];

const USER = 'GET /api/v0/users/current/';
const CREATE = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/42/';
const RESET = 'PUT /api/v0/commands/reset_apikey/';
const IN_BETWEEN = 'proxy or web filter in between';

/** Responses from something between this machine and the API. */
const FOREIGN = [
  ['a 403 with a page', 403, '<!doctype html><title>Blocked by policy</title>'],
  ['a 403 with text', 403, 'Access to this site is not permitted.'],
  ['a 403 with nothing', 403, undefined],
  ["a gateway's 403", 403, { message: 'Forbidden' }],
  ["a CDN's 403", 403, { success: false, errors: [{ code: 1020 }], messages: [] }],
  ['a 401 with a page', 401, '<html>Please sign in</html>'],
  ['a 401 with nothing', 401, undefined],
  ["a gateway's 401", 401, { message: 'Unauthorized' }],
  ['a 404 with a page', 404, '<html>Invalid user key</html>'],
  ['a 404 with nothing', 404, undefined],
  ["a gateway's 404", 404, { message: 'no Route matched with those values' }],
  ['a 400 with text', 400, 'Bad Request'],
  ['a 200 with a sign-in page', 200, '<html>Sign in to this network</html>'],
  ['a 200 with nothing', 200, undefined],
  ['a 200 with null', 200, 'null'],
  ['a 200 with other JSON', 200, { status: 'ok' }],
  ['a 204', 204, undefined],
] as const;

const answer = (status: number, body: unknown): Fault => ({ kind: 'answer', status, body });

describe.concurrent.for(FOREIGN)('%s from something in between', ([, status, body]) => {
  const fault = answer(status, body);

  it('proves nothing about a new key', async ({ harness }) => {
    const { vastai, sandbox, unknownKey, home } = harness;
    sandbox.fault(USER, fault);
    const ran = await vastai(['set', 'api-key', '--json'], { input: await unknownKey() });
    expect(ran.status).toBe(0);
    expect(ran.json().verified).toBe('unverifiable');
    expect(ran.stderr).toContain(IN_BETWEEN);
    expect(await home.read(KEY_FILE)).toBeDefined();
  });

  it('proves nothing about the key in use', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(USER, fault, Number.POSITIVE_INFINITY);
    const shown = await vastai(['auth', 'status', '--json']);
    expect(shown.status).toBe(8);
    expect(shown.json().state).toBe('unverifiable');
    expect(JSON.stringify(shown.json().sources)).toContain(IN_BETWEEN);
    const { checks } = (await vastai(['doctor', '--json'])).json();
    expect(checks).toContainEqual(
      expect.objectContaining({ state: 'problem', message: expect.stringContaining(IN_BETWEEN) }),
    );
    const user = await vastai(['show', 'user']);
    expect(user.status).toBe(8);
    expect(user.stderr).toContain(IN_BETWEEN);
    expect(user.stderr).not.toContain('user_read');
  });

  it('is not a list of keys, nor a missing key', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault('GET /api/v0/auth/*', fault, Number.POSITIVE_INFINITY);
    for (const args of [
      ['show', 'api-keys'],
      ['show', 'api-key', '42'],
    ]) {
      const ran = await vastai([...args, '--json']);
      expect(ran.status).toBe(8);
      expect(ran.json().error.code).toBe('unreachable');
    }
  });

  it('leaves the outcome of a change unknown', async ({ harness }) => {
    const { vastai, sandbox, saveKey, home } = harness;
    await saveKey();
    for (const route of [CREATE, DELETE, RESET]) sandbox.fault(route, fault);
    const created = await vastai(['create', 'api-key', '--name', 'ci']);
    expect(created).toMatchObject({ status: 8, stdout: '' });
    expect(created.stderr).toContain('vastai delete api-key ID');
    const deleted = await vastai(['delete', 'api-key', '42', '--yes', '--json']);
    expect(deleted.status).toBe(8);
    expect(deleted.json()).toMatchObject({ deleted: [], absent: [], error: { code: 'unreachable' } });
    const reset = await vastai(['reset', 'api-key', '--yes']);
    expect(reset.status).toBe(8);
    expect(reset.stderr).toContain('old key may no longer work');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});

describe.concurrent('a 429 that is not JSON', () => {
  it('is a rate limit, and proves nothing about a key', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    sandbox.fault(USER, answer(429, '<html>Slow down</html>'), Number.POSITIVE_INFINITY);
    expect((await vastai(['show', 'user', '--retry', '0'])).status).toBe(7);
    const ran = await vastai(['set', 'api-key', '--retry', '0', '--json'], { input: sandbox.key });
    expect(ran.json().verified).toBe('unverifiable');
  });
});

describe.concurrent('an error of the API itself', () => {
  it.for([
    [
      '403 for lack of a permission',
      403,
      { success: false, error: 'auth_error', msg: 'You lack privileges.' },
    ],
    ['401 for lack of a permission', 401, { msg: 'You are not authorized to do that.' }],
  ] as const)('(%s) proves that a key is known', async ([, status, body], { harness }) => {
    const { vastai, sandbox, home } = harness;
    sandbox.fault(USER, answer(status, body));
    const ran = await vastai(['set', 'api-key', '--json'], { input: sandbox.key });
    expect(ran.json().verified).toBe('verified');
    expect(await home.read(SETTINGS)).toBeDefined();
  });

  it('(401 with an unknown message) proves that a key is invalid', async ({ harness }) => {
    const { vastai, sandbox, saveKey, unknownKey, home } = harness;
    await saveKey();
    sandbox.fault(USER, answer(401, { success: false, error: 'new_error', msg: 'Computer says no.' }));
    expect((await vastai(['set', 'api-key'], { input: await unknownKey() })).status).toBe(4);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });
});
