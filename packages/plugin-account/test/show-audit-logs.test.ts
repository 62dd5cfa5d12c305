import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const LOG = 'GET /api/v0/audit_logs/';
const now = () => Math.floor(Date.now() / 1000);
const DAY = 86_400;

/** Adds calls of two keys, the last one from a new address. */
function addCalls({ sandbox }: Harness): void {
  const row = { ip_address: '192.0.2.1', api_key_id: 42, created_at: now() - 30 * DAY, args: '{"id":5}' };
  sandbox.addAuditRows([
    { ...row, api_route: '/api/v0/asks/5/' },
    { ...row, api_key_id: 43, created_at: now() - 20 * DAY, api_route: '/api/v0/instances/5/' },
    { ...row, ip_address: '198.51.100.7', created_at: now() - DAY, api_route: '/api/v0/instances/5/' },
  ]);
}

describe.concurrent('show audit-logs', () => {
  it('lists the newest calls first, and marks a new address', async ({ harness }) => {
    await harness.saveKey();
    addCalls(harness);
    const ran = await harness.vastai(['show', 'audit-logs']);
    expect(ran.status).toBe(0);
    const [head, ...rows] = ran.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^TIME +KEY +ADDRESS +ROUTE$/u);
    expect(rows[0]).toMatch(
      /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ +42 +198\.51\.100\.7 \(new\) +\/api\/v0\/instances\/5\/$/u,
    );
    expect(rows[1]).toMatch(/ 43 +192\.0\.2\.1 +\/api\/v0\/instances\/5\/$/u);
    expect(rows[2]).toMatch(/ 42 +192\.0\.2\.1 +\/api\/v0\/asks\/5\/$/u);
    expect(ran.stderr).toBe('');
    expect(harness.asked()).toEqual([LOG]);
  });

  it.runIf(canOpenTerminal())('fits narrow terminals, and cuts no route there', async ({ harness }) => {
    await harness.saveKey();
    const row = { api_key_id: 1_234_567, created_at: now() - DAY, args: '' };
    const address = '2001:db8:1111:2222:3333:4444:5555:6666';
    const route = '/api/v0/instances/request_logs/1234567/';
    harness.sandbox.addAuditRows([
      { ...row, ip_address: '192.0.2.1', api_route: '/api/v0/asks/5/', created_at: now() - 2 * DAY },
      { ...row, ip_address: address, api_route: route },
      { ...row, ip_address: address, api_route: `/${'x'.repeat(5000)}/` },
    ]);
    for (const columns of [80, 50]) {
      const args = ['show', 'audit-logs', '--no-color', '--route', '*s*'];
      const { screen } = await harness.onTerminal(args, { columns }).ended;
      expect(screen.split(/\r?\n/u).filter((line) => line.length > columns)).toEqual([]);
      expect(screen.replaceAll(/\s+/gu, ' ')).toContain(`${address} (new)`);
      expect(screen).toContain(`route ${route}`);
    }
    const all = await harness.vastai(['show', 'audit-logs']);
    expect(all.stdout.length).toBeLessThan(2000);
  });

  it('prints the calls with their arguments with --json', async ({ harness }) => {
    await harness.saveKey();
    addCalls(harness);
    const ran = await harness.vastai(['show', 'audit-logs', '--json', '--key', '42', '--since', '7d']);
    expect(ran.stderr).toBe('');
    expect(ran.json()).toEqual([
      {
        api_key_id: 42,
        created_at: expect.any(Number),
        ip_address: '198.51.100.7',
        api_route: '/api/v0/instances/5/',
        args: '{"id":5}',
        new_address: true,
      },
    ]);
  });

  it('chooses by route and address', async ({ harness }) => {
    await harness.saveKey();
    addCalls(harness);
    const args = ['show', 'audit-logs', '--route', '*instances*', '--ip', '192.0.2.*'];
    const ran = await harness.vastai(args);
    expect(ran.stdout.trimEnd().split('\n')).toHaveLength(2);
    expect(ran.stderr).toBe('');
    if (canOpenTerminal()) expect((await harness.onTerminal(args).ended).screen).toContain('1 of 3 calls.');
    expect((await harness.vastai([...args, '--json'])).json()).toMatchObject([{ api_key_id: 43 }]);
  });

  it('reads the pages of a log to the end, also those of a server that repeats one', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const row = { ip_address: '192.0.2.1', api_key_id: 42, api_route: '/x/', args: '{}' };
    sandbox.addAuditRows(Array.from({ length: 250 }, (_, at) => ({ ...row, created_at: at })));
    sandbox.quirks.auditLog = 'pages';
    const calls = (await vastai(['show', 'audit-logs', '--json'])).json();
    expect(calls.map((call: { created_at: number }) => call.created_at)).toEqual(
      Array.from({ length: 250 }, (_, at) => 249 - at),
    );
    expect(asked()).toHaveLength(3);
    expect((await vastai(['show', 'audit-logs', '--raw'])).json().audit_logs).toHaveLength(250);
    sandbox.quirks.auditLog = 'same_page';
    const part = await vastai(['show', 'audit-logs', '--json']);
    expect(part.json()).toHaveLength(100);
    expect(part.stderr).toContain('Warning: The API returned the same page of the audit log again');
  });

  it('lists 100,000 calls from one response', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    // As long as real ones: the response is longer than 10 MiB.
    const row = {
      ip_address: '192.0.2.1',
      api_key_id: 42,
      api_route: '/api/v0/instances/1234567/',
      args: '{"state": "running"}',
    };
    sandbox.addAuditRows(Array.from({ length: 100_000 }, (_, at) => ({ ...row, created_at: at })));
    const lines = (await vastai(['show', 'audit-logs'])).stdout.trimEnd().split('\n');
    expect(lines).toHaveLength(100_001);
    expect(lines[1]).toMatch(/^1970-01-02T03:46:39Z /u);
    expect(asked()).toEqual([LOG]);
  });

  it('prints no key, wherever a row has one, and no terminal sequence', async ({ harness }) => {
    const { vastai, sandbox, saveKey, addKey } = harness;
    await saveKey();
    const { value } = await addKey({ name: 'other' });
    sandbox.addAuditRows([
      {
        ip_address: '\u001b[2J192.0.2.1',
        api_key_id: 42,
        created_at: 5,
        api_route: `/api/v0/asks/5/?api_key=${value}`,
        args: JSON.stringify({ api_key: value, more: { session_key: value } }),
      },
    ]);
    for (const flag of ['--json', '--raw', '--no-color']) {
      const ran = await vastai(['show', 'audit-logs', flag]);
      expect(ran.status).toBe(0);
      expect(ran.stdout).not.toContain(value);
      expect(ran.stdout).not.toContain('\u001b');
    }
  });

  it.for([
    ['--key', '0'],
    ['--key', 'x'],
    ['--since', 'yesterday'],
    ['--since', '7'],
  ])('rejects %s %s before it asks the API', async (args, { harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    const ran = await vastai(['show', 'audit-logs', ...args]);
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(asked()).toEqual([]);
  });

  it('says which permission is missing', async ({ harness: { vastai, addKey } }) => {
    const { value } = await addKey({ name: 'narrow', permissions: { api: { user_read: {} } } });
    const ran = await vastai(['show', 'audit-logs'], { env: { VAST_API_KEY: value } });
    expect(ran.status).toBe(5);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('misc');
  });
});
