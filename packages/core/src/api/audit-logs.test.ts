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
        api_key_id: null,
        created_at: '2026-01-02T03:04:05Z',
        ip_address: null,
        api_route: null,
        args: { id: 5 },
      },
    ]);
    expect(JSON.stringify(raw)).not.toContain(KEY_TEXT);
  });

  it('rejects a response that is not a list', async () => {
    const { url } = await serve((response) => json(response, { rows: 1 }));
    expect(await errorOf(listAuditLogs(clientFor(url)))).toMatchObject({ code: 'unreachable' });
  });
});
