import { describe, expect, it } from 'vitest';
import type { AuditLogRecord } from './audit-logs.js';
import { keyUses } from './key-uses.js';

const row = (key: number | null, at: number | string | null, ip: string | null): AuditLogRecord => ({
  api_key_id: key,
  created_at: at,
  ip_address: ip,
  api_route: '/api/v0/asks/1/',
  args: null,
});

describe('the uses of keys', () => {
  it('are counted for each key, with the last one, in any order', () => {
    const rows = [
      row(1, 50, '192.0.2.50'),
      row(2, '1970-01-01T00:00:10Z', '192.0.2.10'),
      row(1, 70, '192.0.2.70'),
      row(1, 60, '192.0.2.60'),
      row(null, 90, '192.0.2.90'),
    ];
    const expected = new Map([
      [1, { calls: 3, lastUsed: 70, lastIp: '192.0.2.70' }],
      [2, { calls: 1, lastUsed: 10, lastIp: '192.0.2.10' }],
    ]);
    expect(keyUses(rows)).toEqual(expected);
    expect(keyUses(rows.toReversed())).toEqual(expected);
  });

  it('have no time if a row does not tell it, since that one may be the last', () => {
    expect(keyUses([row(1, null, '192.0.2.1'), row(1, 'soon', null)])).toEqual(
      new Map([[1, { calls: 2, lastUsed: null, lastIp: '192.0.2.1' }]]),
    );
    const rows = [row(1, 5, '192.0.2.5'), row(1, 'soon', null), row(1, 7, '192.0.2.7'), row(2, 6, null)];
    const expected = new Map([
      [1, { calls: 3, lastUsed: null, lastIp: '192.0.2.7' }],
      [2, { calls: 1, lastUsed: 6, lastIp: null }],
    ]);
    expect(keyUses(rows)).toEqual(expected);
    expect(keyUses(rows.toReversed())).toEqual(expected);
  });
});
