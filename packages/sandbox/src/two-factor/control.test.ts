import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask } from '../../test-support/ask.js';
import { type Sandbox, startSandbox } from '../server.js';

let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

async function control(method: string, path: string, body?: unknown) {
  const response = await fetch(`${sandbox.url}/sandbox${path}`, {
    method,
    headers: { 'x-sandbox-token': sandbox.controlToken },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: the shape depends on the route
  return { status: response.status, json: (await response.json()) as any };
}

it('moves the clock forward, and never back', async () => {
  const before = (await control('GET', '/clock')).json.now;
  expect((await control('POST', '/clock', { seconds: 3600 })).json.now).toBeGreaterThanOrEqual(before + 3600);
  for (const body of [{}, { seconds: -1 }, { seconds: '1' }, [], 'x']) {
    expect((await control('POST', '/clock', body)).status).toBe(400);
  }
});

it('switches two-factor login on, and shows the codes that were sent', async () => {
  const added = await control('POST', '/two-factor', { method: 'sms', phoneNumber: '+12025550100' });
  expect([added.status, added.json.backup_codes.length]).toEqual([200, 10]);
  expect((await ask(sandbox, 'GET', '/api/v0/users/current/')).status).toBe(401);
  await ask(sandbox, 'POST', '/api/v0/tfa/sms/', { body: {} });
  expect((await control('GET', '/messages')).json).toEqual([
    { kind: 'sms', to: '+12025550100', code: expect.stringMatching(/^\d{6}$/u) },
  ]);
  for (const body of [
    {},
    { method: 'email' },
    { method: 'sms', color: 'red' },
    { method: 'sms', label: 1 },
  ]) {
    expect((await control('POST', '/two-factor', body)).status).toBe(400);
  }
});
