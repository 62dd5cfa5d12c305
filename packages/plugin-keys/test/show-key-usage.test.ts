import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';
import { leftOnScreen } from './support/screen.js';

const LIST = 'GET /api/v0/auth/apikeys/';
const LOG = 'GET /api/v0/audit_logs/';
const USER = 'GET /api/v0/users/current/';
const DAY = 86_400;
const now = () => Math.floor(Date.now() / 1000);
const reads = { api: { instance_read: {} } };
const writes = { api: { instance_write: {} } };

/** Saves the key with its id. Adds a key that is used (42), one that is not seen (43) and one that only reads (44). */
async function prepare({ vastai, sandbox, addKey }: Harness): Promise<void> {
  const saved = await vastai(['set', 'api-key', '--storage', 'file', '-'], { input: sandbox.key });
  expect(saved.status).toBe(0);
  await addKey({ name: 'ci-used', permissions: writes, createdAt: now() - 90 * DAY });
  await addKey({ name: 'ci-unseen', permissions: writes, createdAt: now() - 80 * DAY });
  await addKey({ name: 'dashboard', permissions: reads, createdAt: now() - 70 * DAY });
  const row = { api_key_id: 42, api_route: '/api/v0/instances/5/', args: '{}' };
  sandbox.addAuditRows([
    { ...row, created_at: now() - 20 * DAY, ip_address: '192.0.2.1' },
    { ...row, created_at: now() - 10 * DAY, ip_address: '198.51.100.7' },
  ]);
}

describe.concurrent('show api-keys', () => {
  it('marks the key in use without another request, if its ID is noted', async ({ harness }) => {
    await prepare(harness);
    const before = harness.asked().length;
    const ran = await harness.vastai(['show', 'api-keys']);
    const [head, ...rows] = ran.stdout.trimEnd().split('\n');
    expect(head).toMatch(/^ID +NAME .* IN USE$/u);
    expect(rows[0]).toMatch(/^40 .* \*$/u);
    expect(rows[1]).toMatch(/^42 .*[^*]$/u);
    expect(ran.stderr).toBe('');
    const keys = (await harness.vastai(['show', 'api-keys', '--json'])).json();
    expect(keys.map((key: { in_use: unknown }) => key.in_use)).toEqual([true, false, false, false]);
    expect(harness.asked().slice(before)).toEqual([LIST, LIST]);
    // The note is about another key than the one that this run sends.
    const { value } = await harness.addKey({ name: 'other' });
    const other = await harness.vastai(['show', 'api-keys', '--json'], { env: { VAST_API_KEY: value } });
    expect(other.stdout).not.toContain('in_use');
  });

  it('shows in three states who used which key', async ({ harness }) => {
    await prepare(harness);
    const before = harness.asked().length;
    const ran = await harness.vastai(['show', 'api-keys', '--usage', '--json']);
    expect(ran.status).toBe(0);
    const unused = { last_used: null, last_ip: null, calls: 0, expires: null };
    expect(ran.json()).toMatchObject([
      { id: 40, in_use: true, usage: 'never_seen', ...unused },
      {
        id: 42,
        in_use: false,
        usage: 'used',
        last_used: expect.any(Number),
        last_ip: '198.51.100.7',
        calls: 2,
        expires: null,
      },
      { id: 43, usage: 'never_seen', ...unused },
      { id: 44, usage: 'not_observable', ...unused },
    ]);
    expect(harness.asked().slice(before)).toEqual([LIST, LOG]);
    const shown = (await harness.vastai(['show', 'api-keys', '--usage'])).stdout;
    expect(shown).toMatch(/CREATED +IN USE +EXPIRES +LAST USED\n/u);
    expect(shown).toMatch(/^42 .* - +\d{4}-\d\d-\d\d from 198\.51\.100\.7, 2 calls$/mu);
    expect(shown).toMatch(/^43 .* - +not seen$/mu);
    expect(shown).toMatch(/^44 .* - +not observable$/mu);
  });

  it.runIf(canOpenTerminal())('shows the use of a key below it on a narrow terminal', async ({ harness }) => {
    await prepare(harness);
    const { onTerminal, vastai } = harness;
    const dated = ['--name', 'a-key-with-a-long-name', '--preset', 'monitoring', '--expires', '30d'];
    expect((await vastai(['create', 'api-key', ...dated], { printsKey: true })).status).toBe(0);
    const list = ['show', 'api-keys', '--usage', '--no-color'];
    for (const columns of [80, 50]) {
      const { screen } = await onTerminal(list, { columns }).ended;
      const lines = leftOnScreen(screen);
      expect(lines.filter((line) => line.length > columns)).toEqual([]);
      expect(screen).toMatch(/^ {4}last used \d{4}-\d\d-\d\d from 198\.51\.100\.7, 2\s+calls\r?$/mu);
      expect(screen).not.toMatch(/expires -/u);
    }
    const { screen } = await onTerminal(list, { columns: 50 }).ended;
    expect(screen).toMatch(/^ {4}expires \d{4}-\d\d-\d\d\r?$/mu);
  });

  it('asks which key is in use for --usage, if that is not noted and allowed', async ({ harness }) => {
    const { vastai, addKey, saveKey, asked } = harness;
    await saveKey();
    const keys = (await vastai(['show', 'api-keys', '--usage', '--json'])).json();
    expect(keys).toMatchObject([{ id: 40, in_use: true }]);
    expect(asked()).toEqual([LIST, LOG, USER]);
    const { value } = await addKey({ name: 'narrow', permissions: { api: { misc: {}, user_write: {} } } });
    harness.sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys: [{ id: 1 }] } });
    const narrow = await vastai(['show', 'api-keys', '--usage', '--json'], { env: { VAST_API_KEY: value } });
    expect(narrow.json()).toMatchObject([{ id: 1 }]);
    expect(narrow.stdout).not.toContain('in_use');
  });

  it('fails if the audit log cannot be read, rather than call a key unused', async ({ harness }) => {
    const { vastai, addKey } = harness;
    const { value } = await addKey({ name: 'narrow', permissions: { api: { user_read: {} } } });
    harness.sandbox.fault(LIST, { kind: 'answer', status: 200, body: { apikeys: [{ id: 1 }] } });
    const ran = await vastai(['show', 'api-keys', '--usage'], { env: { VAST_API_KEY: value } });
    expect(ran).toMatchObject({ status: 5, stdout: '' });
  });

  it('narrows, sorts and counts', async ({ harness }) => {
    await prepare(harness);
    const run = async (...args: string[]) => harness.vastai(['show', 'api-keys', ...args]);
    const ids = async (...args: string[]) =>
      (await run('--json', ...args)).json().map(({ id }: { id: number }) => id);
    expect(await ids('--name', 'ci-*')).toEqual([42, 43]);
    expect(await ids('--can', 'destroy,mint-keys')).toEqual([40, 42, 43]);
    expect(await ids('--sort', 'created')).toEqual([42, 43, 44, 40]);
    expect(await ids('--usage', '--sort', 'last-used')).toEqual([42, 40, 43, 44]);
    expect((await run('--name', 'ci-*')).stderr).toBe('');
    if (canOpenTerminal()) {
      const { screen } = await harness.onTerminal(['show', 'api-keys', '--name', 'ci-*']).ended;
      expect(screen).toContain('2 of 4 keys.');
    }
    expect((await run('--name', 'nothing')).stdout).toMatch(/^ID +NAME/u);
    const refused = await run('--sort', 'last-used');
    expect(refused.status).toBe(2);
    expect(refused.stderr).toContain('--sort last-used needs --usage.');
    expect((await run('--can', 'fly')).status).toBe(2);
  });
});
