import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, KEY_TEXT, serve } from '../http/test-support/loopback-server.js';
import { listAuditLogs } from './audit-logs.js';

const ROW = { api_key_id: 42, created_at: 1735689600, ip_address: '192.0.2.1', api_route: '/x/', args: '{}' };

describe('listAuditLogs', () => {
  it('returns each record in a stable shape', async () => {
    const odd = { api_key_id: '42', created_at: '2026-01-02T03:04:05Z', args: { id: 5 }, more: KEY_TEXT };
    const { url, seen } = await serve((response) => json(response, [ROW, odd, 'x', null]));
    const { value, raw } = await listAuditLogs(clientFor(url));
    expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/audit_logs/' }]);
    expect(value).toEqual([
      ROW,
      {
        api_key_id: 42,
        created_at: '2026-01-02T03:04:05Z',
        ip_address: null,
        api_route: null,
        args: { id: 5 },
      },
    ]);
    expect(JSON.stringify(raw)).not.toContain(KEY_TEXT);
  });

  it.each([{ rows: 1 }, { rows: [], others: [] }, 'x', null])(
    'rejects %j, which is not a list',
    async (said) => {
      const { url } = await serve((response) => json(response, said));
      expect(await errorOf(listAuditLogs(clientFor(url)))).toMatchObject({ code: 'unreachable' });
    },
  );

  it('follows next_token to the end, and keeps what surrounds the rows', async () => {
    const row = (at: number) => ({ ...ROW, created_at: at });
    const pages = [
      { audit_logs: [row(1), row(2)], next_token: 'a/b&c', total: 4 },
      { audit_logs: [row(3)], next_token: 7 },
      { audit_logs: [row(4)], next_token: null },
    ];
    const { url, seen } = await serve((response, _, count) => json(response, pages[count - 1]));
    const { value, raw } = await listAuditLogs(clientFor(url));
    expect(seen.map(({ path }) => path)).toEqual([
      '/api/v0/audit_logs/',
      '/api/v0/audit_logs/?after_token=a%2Fb%26c',
      '/api/v0/audit_logs/?after_token=7',
    ]);
    expect(value).toEqual([row(1), row(2), row(3), row(4)]);
    expect(raw).toEqual({ audit_logs: [row(1), row(2), row(3), row(4)], total: 4 });
  });

  it.each([
    ['the same page each time', (count: number) => ({ rows: [ROW], next_token: `t${count}` }), 2, 1, false],
    [
      'a token that it gave before',
      (count: number) => ({ rows: [{ ...ROW, created_at: count }], next_token: `t${count % 3}` }),
      4,
      4,
      false,
    ],
    ['empty pages', (count: number) => ({ rows: [], next_token: `t${count}` }), 2, 0, true],
    [
      'an empty page after the last',
      (count: number) => ({
        rows: count < 3 ? [{ ...ROW, created_at: count }] : [],
        next_token: `t${count}`,
      }),
      3,
      2,
      true,
    ],
  ])(
    'ends if the server returns %s, and tells if more may follow',
    async (_, page, requests, rows, whole) => {
      const { url, seen } = await serve((response, __, count) => json(response, page(count)));
      const { value, isWhole } = await listAuditLogs(clientFor(url));
      expect([seen.length, value.length, isWhole]).toEqual([requests, rows, whole]);
    },
  );

  it.each([{ page: 2 }, true, ['t']])(
    'fails if the token of the next page is %j, rather than return a part',
    async (token) => {
      const { url } = await serve((response) => json(response, { rows: [ROW], next_token: token }));
      expect(await errorOf(listAuditLogs(clientFor(url)))).toMatchObject({ code: 'unreachable' });
    },
  );

  it.each([null, '', false, undefined])('has one page if the token of the next one is %j', async (token) => {
    const { url, seen } = await serve((response) => json(response, { rows: [ROW], next_token: token }));
    expect(await listAuditLogs(clientFor(url))).toMatchObject({ value: [ROW], isWhole: true });
    expect(seen).toHaveLength(1);
  });

  it('fails if a later page fails, rather than return a part', async () => {
    const { url } = await serve((response, _, count) =>
      count === 1 ? json(response, { rows: [ROW], next_token: 't' }) : json(response, { rows: 'none' }),
    );
    expect(await errorOf(listAuditLogs(clientFor(url)))).toMatchObject({ code: 'unreachable' });
  });
});
