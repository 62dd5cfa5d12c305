import { it as plainIt } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import { createHarness, type Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

/** A second server, which must never hear anything. */
const it = plainIt.extend<{ other: Harness }>({
  other: async ({ onTestFinished }, use) => {
    const other = await createHarness(BIN);
    onTestFinished(() => other.close());
    await use(other);
  },
});

const USER = 'GET /api/v0/users/current/';
const CREATE = 'POST /api/v0/auth/apikeys/';
const COMMANDS = {
  [USER]: ['show', 'user'],
  [CREATE]: ['create', 'api-key', '--name', 'ci'],
  'PUT /api/v0/commands/reset_apikey/': ['reset', 'api-key', '--yes'],
  'DELETE /api/v0/auth/apikeys/42/': ['delete', 'api-key', '42', '--yes'],
} as const;

describe.concurrent('a redirect to another origin', () => {
  it.for([301, 302, 303, 307, 308] as const)('is not followed (%i)', async (status, { harness, other }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'redirect', status, to: `${other.sandbox.url}/api/v0/users/current/` });
    const ran = await vastai(['show', 'user', '--json']);
    expect(ran.status).toBe(8);
    expect(ran.json().error).toMatchObject({ code: 'unreachable' });
    expect(ran.json().error.message).toContain(other.sandbox.url);
    expect(asked()).toEqual([USER]);
    expect(other.asked()).toEqual([]);
  });

  it.for(Object.entries(COMMANDS))('is not followed by %s', async ([route, args], { harness, other }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(route, { kind: 'redirect', status: 307, to: `${other.sandbox.url}/` });
    expect((await vastai(args)).status).toBe(8);
    expect(asked()).toEqual([route]);
    expect(other.asked()).toEqual([]);
  });

  it('includes a redirect to another name of the same host', async ({ harness, other }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'redirect', to: sandbox.url.replace('127.0.0.1', 'localhost') });
    expect((await vastai(['show', 'user'])).status).toBe(8);
    expect(other.asked()).toEqual([]);
  });
});

describe.concurrent('a redirect within the origin', () => {
  it('is followed by reading requests', async ({ harness: { vastai, sandbox, saveKey, asked } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'redirect', status: 301, to: '/api/v0/users/current/' });
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect(asked()).toEqual([USER, USER]);
    expect(sandbox.requests[1]?.authorization).toEqual({ scheme: 'Bearer', keyId: 40 });
  });

  it.for([307, 308] as const)(
    'is followed by changing requests, with their body (%i)',
    async (status, { harness }) => {
      const { vastai, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(CREATE, { kind: 'redirect', status, to: '/api/v0/auth/apikeys/' });
      const ran = await vastai(['create', 'api-key', '--name', 'ci'], { printsKey: true });
      expect(ran.status).toBe(0);
      expect(asked()).toEqual([CREATE, CREATE]);
      expect(sandbox.requests[1]?.body).toEqual({ name: 'ci' });
    },
  );

  it.for([301, 302, 303] as const)(
    'is not followed by changing requests if it is a %i',
    async (status, { harness }) => {
      const { vastai, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(CREATE, { kind: 'redirect', status, to: '/api/v0/auth/apikeys/' });
      const ran = await vastai(['create', 'api-key', '--name', 'ci']);
      expect(ran.status).toBe(8);
      expect(ran.stderr).toContain('vastai show api-keys');
      expect(asked()).toEqual([CREATE]);
    },
  );

  it('is not followed endlessly', async ({ harness: { vastai, sandbox, saveKey, asked } }) => {
    await saveKey();
    sandbox.fault(USER, { kind: 'redirect', to: '/api/v0/users/current/' }, Number.POSITIVE_INFINITY);
    expect((await vastai(['show', 'user'])).status).toBe(8);
    expect(asked().length).toBeLessThan(10);
  });
});
