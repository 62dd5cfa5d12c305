import { afterEach, beforeEach, expect, it } from 'vitest';
import { ask } from '../../test-support/ask.js';
import { type Sandbox, startSandbox } from '../server.js';

const SESSIONS = '/api/v0/auth/sessions/';
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const ids = async () =>
  (await ask(sandbox, 'GET', SESSIONS)).json.map(({ id }: { id: number }) => id) as number[];

it('lists the live sessions of the account, without their values', async () => {
  const value = sandbox.twoFactor.beginSession(40);
  const { text, json } = await ask(sandbox, 'GET', SESSIONS);
  const [session] = json;
  expect(session).toEqual({
    id: expect.any(Number),
    api_key_id: 40,
    created_at: expect.any(Number),
    expires_at: session.created_at + 604_800,
  });
  expect(text).not.toContain(value);
  sandbox.clock.advance(604_801);
  expect(await ids()).toEqual([]);
});

it('ends one session, or without an id all of them', async () => {
  for (const _ of [1, 2, 3]) sandbox.twoFactor.beginSession(40);
  const [first, ...others] = await ids();
  expect((await ask(sandbox, 'DELETE', SESSIONS, { body: { id: first } })).status).toBe(200);
  expect(await ids()).toEqual(others);
  expect((await ask(sandbox, 'DELETE', SESSIONS, { body: { id: first } })).status).toBe(404);
  await ask(sandbox, 'DELETE', SESSIONS, { body: {} });
  expect(await ids()).toEqual([]);
});
