import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const DOCUMENT = `{
  "api": {
    "instance_read": {},
    "instance_write": {
      "api.instance.destroy": { "constraints": { "id": { "eq": 5 } } }
    }
  }
}
`;
const row = (api_route: unknown, api_key_id: unknown = 42) => ({
  ip_address: '192.0.2.1',
  api_key_id,
  created_at: 1_700_000_000,
  api_route,
  args: '{}',
});
const replay = (...args: string[]) => ['permissions', 'check', 'perms.json', ...args];

describe.concurrent('permissions check of an audit log', () => {
  it('says which calls the document would have refused, and ends with 10', async ({ harness }) => {
    const { vastai, home, asked } = harness;
    await home.write('perms.json', DOCUMENT);
    const rows = [
      row('DELETE /api/v0/instances/5/'),
      row('DELETE /api/v0/instances/6/'),
      row('DELETE /api/v0/instances/6/'),
      row('GET /api/v0/nowhere/'),
    ];
    await home.write('log.json', JSON.stringify(rows));
    const ran = await vastai(replay('--from-audit-log', 'log.json'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toBe(
      [
        'deny: The document would deny 2 of 4 logged calls. Whether it allows 1 more is unknown.',
        '  deny    DELETE /api/v0/instances/6/ (instance.destroy), 2 times: The constraint on "id" does not allow "6".',
        '  unknown GET /api/v0/nowhere/: This route is not in the catalogue.',
        '  allow   DELETE /api/v0/instances/5/ (instance.destroy)',
        '',
      ].join('\n'),
    );
    expect(ran.stderr).toContain('The audit log records only what Vast.ai considers important');
    expect(asked()).toEqual([]);
  });

  it('prints the same as JSON, with the lines that decide', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const odd = [null, 5, 'x', [], {}, row(7), row('  ')];
    const rows = [row('DELETE /api/v0/instances/6/'), row('/api/v0/instances/5/', 43), ...odd];
    const ran = await vastai(replay('--from-audit-log', '-', '--json'), { input: JSON.stringify(rows) });
    expect(ran).toMatchObject({ status: 10, stderr: '' });
    expect(ran.json()).toEqual({
      verdict: 'deny',
      file: 'perms.json',
      total: 2,
      allowed: 0,
      refused: 1,
      unknown: 1,
      calls: [
        {
          method: 'DELETE',
          path: '/api/v0/instances/6/',
          operations: ['instance.destroy'],
          verdict: 'deny',
          reason: 'The constraint on "id" does not allow "6".',
          count: 1,
          line: 5,
          column: expect.any(Number),
        },
        {
          method: null,
          path: '/api/v0/instances/5/',
          operations: expect.arrayContaining(['instance.destroy']),
          verdict: 'unknown',
          reason: expect.stringContaining('The log does not record the method'),
          count: 1,
          line: null,
          column: null,
        },
      ],
      keys: [42, 43],
      ofOtherKeys: 0,
      unreadable: odd.length,
      notes: [
        expect.stringContaining('considers important'),
        'The log has calls by 2 keys: 42, 43. Use --key ID to choose one.',
        `Skipped ${odd.length} rows without a route.`,
      ],
    });
  });

  it.for<[status: number, verdict: string, rows: readonly unknown[]]>([
    [0, 'allow', [row('DELETE /api/v0/instances/5/')]],
    [0, 'allow', []],
    [0, 'allow', [row('DELETE /api/v0/instances/5/'), row('DELETE /api/v0/instances/6/', 43)]],
    [10, 'unknown', [row('DELETE /api/v0/instances/5/'), row(null)]],
    [10, 'unknown', [row('DELETE /api/v0/instances/5/'), row('DELETE /api/v0/instances/6/', null)]],
    [10, 'deny', [row('DELETE /api/v0/instances/6/')]],
  ])('ends with %i and %s for %j', async ([status, verdict, rows], { harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai(replay('--from-audit-log', '-', '--key', '42', '--json'), {
      input: JSON.stringify({ audit_logs: rows }),
    });
    expect(ran.status).toBe(status);
    expect(ran.json().verdict).toBe(verdict);
  });

  it('takes the calls of a key from the API', async ({ harness }) => {
    const { vastai, home, addKey, saveKey, sandbox, asked } = harness;
    await home.write('perms.json', DOCUMENT);
    await saveKey();
    const { id, value } = await addKey({ name: 'ci' });
    const call = (path: string, key: string) =>
      fetch(`${sandbox.url}${path}`, { method: 'PUT', headers: { authorization: `Bearer ${key}` } });
    await call('/api/v0/instances/reboot/5/', value);
    await call('/api/v0/users/', sandbox.key);
    const ran = await vastai(replay('--key', String(id), '--json'));
    expect(ran.status).toBe(10);
    expect(ran.json()).toMatchObject({
      total: 1,
      refused: 1,
      keys: [id],
      ofOtherKeys: 1,
      calls: [{ path: '/api/v0/instances/reboot/5/', verdict: 'deny' }],
    });
    expect(asked().slice(2)).toEqual(['GET /api/v0/audit_logs/']);
    const own = await vastai(['permissions', 'check', `key:${id}`, '--key', String(id)]);
    expect(own).toMatchObject({ status: 0, stdout: expect.stringMatching(/^allow: /) });
  });

  it('passes a key of which nothing is recorded, and says what that can mean', async ({ harness }) => {
    await harness.home.write('perms.json', DOCUMENT);
    await harness.saveKey();
    const ran = await harness.vastai(replay('--key', '99'));
    expect(ran).toMatchObject({ status: 0, stdout: 'allow: The log has no calls.\n' });
    expect(ran.stderr).toContain(
      'The log has no calls by key 99. The key may only read, or may not exist.\n',
    );
  });

  it('prints at most 100 calls, and all of 60,000 as JSON', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const rows = Array.from({ length: 60_000 }, (_, id) => row(`DELETE /api/v0/instances/${id + 6}/`));
    await home.write('log.json', JSON.stringify(rows.map(({ api_route }) => ({ api_route }))));
    const text = await vastai(replay('--from-audit-log', 'log.json'));
    expect(text.stdout.split('\n')).toHaveLength(103);
    expect(text.stdout).toContain('… and 59900 more. Use --json to see all.');
    const json = await vastai(replay('--from-audit-log', 'log.json', '--json'));
    expect(json.json()).toMatchObject({ total: 60_000, refused: 60_000 });
  });

  it('prints nothing of a log that could be a secret or a terminal sequence', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', DOCUMENT);
    const route = '/api/v0/x\u001b[2J\u202e/?api_key=secret#secret';
    const rows = [{ ...row(`DELETE ${route}`), args: '{"api_key":"secret"}' }];
    for (const more of [[], ['--json']]) {
      const ran = await vastai(replay('--from-audit-log', '-', ...more), { input: JSON.stringify(rows) });
      expect(ran.status).toBe(10);
      expect(ran.stdout).not.toContain('secret');
      if (more.length === 0) expect(ran.stdout).not.toMatch(/[\u001b\u202e]/u);
    }
  });

  it.for<[what: string, args: string[], input: string]>([
    ['a log that is not JSON', ['--from-audit-log', '-'], 'rows'],
    ['a log without rows', ['--from-audit-log', '-'], '{}'],
    ['a log that is missing', ['--from-audit-log', 'nowhere.json'], ''],
    ['a key that is no number', ['--key', 'ci'], ''],
  ])('ends with 2 for %s', async ([_, args, input], { harness: { vastai, home, asked } }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai(replay(...args, '--json'), { input });
    expect(ran.status).toBe(2);
    expect(ran.json().error.code).toBe('usage');
    expect(asked()).toEqual([]);
  });

  it('says that --key asks the API if it has no audit log', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    for (const args of [[], ['--from-audit-log', 'perms.json']]) {
      const ran = await vastai(replay(...args));
      expect(ran).toMatchObject({ status: 2, stdout: '', stderr: expect.stringContaining('--key ID') });
    }
  });

  it('ends with 2 if standard input would be read twice', async ({ harness: { vastai } }) => {
    const ran = await vastai(['permissions', 'check', '-', '--from-audit-log', '-'], { input: DOCUMENT });
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('only one argument') });
  });
});
