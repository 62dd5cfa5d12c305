import { describe, expect } from 'vitest';
import { it, type Run, startRun } from './support/run.js';

const rent = async (run: Run) => (await run.ask('PUT', '/api/v0/asks/5/', { body: {} })).status;

describe('--max-creates', () => {
  it('holds for ten at once, of which some fail and some never say', async () => {
    const run = await startRun({ policy: { maxCreates: 6 }, timeoutMs: 1500 });
    const route = 'PUT /api/v0/asks/{id}/';
    run.sandbox.fault(route, { kind: 'answer', status: 400, body: { success: false, msg: 'gone' } }, 2);
    run.sandbox.fault(route, { kind: 'drop', acts: true }, 2);
    run.sandbox.fault(route, { kind: 'stall' }, 1);
    const first = await Promise.all(Array.from({ length: 10 }, () => rent(run)));
    // No more than six are sent at once, even before anyone knows how they end.
    expect(first.filter((status) => status === 403).length).toBeGreaterThanOrEqual(2);
    for (let at = 0; at < 4; at += 1) await rent(run);
    // Two were refused by the API, and so can be asked for again.
    expect(run.reached()).toHaveLength(8);
    expect(await rent(run)).toBe(403);
  });

  it('counts an instance whose caller has not waited for it', async () => {
    const run = await startRun({ policy: { maxCreates: 1 } });
    run.sandbox.fault('PUT /api/v0/asks/{id}/', { kind: 'latency', ms: 30_000, acts: true });
    const leaving = new AbortController();
    const { url, token } = run.broker;
    const headers = { authorization: `Bearer ${token}` };
    const left = fetch(`${url}/api/v0/asks/5/`, { method: 'PUT', headers, signal: leaving.signal });
    const failed = expect(left).rejects.toThrow();
    while (run.reached().length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    expect(await rent(run)).toBe(403);
    leaving.abort();
    await failed;
    expect(await rent(run)).toBe(403);
  });
});
