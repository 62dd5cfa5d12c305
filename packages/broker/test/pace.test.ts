import { describe, expect } from 'vitest';
import { it, startRun } from './support/run.js';

const LIST = '/api/v1/instances/';

describe('the pace of the API', () => {
  it('is kept for all callers together: no 429 reaches one of 50', async () => {
    const run = await startRun({}, { rateLimits: { [`GET ${LIST}`]: 0.05 } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => run.ask('GET', LIST)));
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]));
  });

  it('is known from the documentation: nothing is sent too early', async () => {
    const route = '/api/v0/auth/apikeys/';
    const run = await startRun({}, { rateLimits: true });
    const answers = await Promise.all(Array.from({ length: 4 }, () => run.ask('GET', route)));
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect(run.sandbox.requests.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
  });

  it('is waited for before a change is sent again, since a 429 means that nothing was done', async () => {
    const run = await startRun();
    const frequent = {
      kind: 'answer',
      status: 429,
      body: 'API requests too frequent: endpoint threshold=0.1',
    } as const;
    run.sandbox.fault('DELETE /api/v0/instances/{id}/', frequent, 3);
    expect((await run.ask('DELETE', '/api/v0/instances/42/')).status).toBe(200);
    expect(run.reached()).toHaveLength(4);
  });

  it('does not hold back a 429 with an error of its own, or one that asks for minutes', async () => {
    const run = await startRun({ policy: { allowSensitive: true } });
    const locked = { success: false, error: 'tfa_locked', msg: 'Locked', locked_until: 1 };
    run.sandbox.fault('POST /api/v0/tfa/', { kind: 'answer', status: 429, body: locked });
    const first = await run.ask('POST', '/api/v0/tfa/', { body: {} });
    expect([first.status, JSON.parse(first.text)]).toEqual([429, locked]);
    const long = 'API requests too frequent: endpoint threshold=600.0';
    run.sandbox.fault(`GET ${LIST}`, { kind: 'answer', status: 429, body: long });
    expect((await run.ask('GET', LIST)).status).toBe(429);
    expect(run.reached()).toHaveLength(2);
  });

  it('ends a wait with the broker, or with the caller', async () => {
    const run = await startRun({}, { rateLimits: { [`GET ${LIST}`]: 30 } });
    expect((await run.ask('GET', LIST)).status).toBe(200);
    const waiting = run.ask('GET', LIST);
    const failed = expect(waiting).rejects.toThrow();
    while (run.reached().length < 2) await new Promise((resolve) => setTimeout(resolve, 10));
    const left = run.raw(
      `GET ${LIST} HTTP/1.1\r\nHost: ${new URL(run.broker.url).host}\r\nAuthorization: Bearer ${run.broker.token}\r\n\r\n`,
    );
    await run.broker.close();
    await failed;
    await left;
    expect(run.calls.map(({ status }) => status)).toEqual([200, ...run.calls.slice(1).map(() => null)]);
    expect(run.calls.length).toBeGreaterThanOrEqual(2);
  });
});
