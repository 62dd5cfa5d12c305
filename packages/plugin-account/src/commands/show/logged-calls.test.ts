import type { AuditLogRecord } from '@vastai-cli/core/internal/api/audit-logs';
import { describe, expect, it } from 'vitest';
import { chooseCalls, loggedCalls } from './logged-calls.js';

const row = (
  api_key_id: number | null,
  created_at: number | string | null,
  ip_address: string | null,
  api_route: string | null = '/api/v0/asks/1/',
): AuditLogRecord => ({ api_key_id, created_at, ip_address, api_route, args: null });

const marked = (rows: readonly AuditLogRecord[]) =>
  loggedCalls(rows)
    .filter((call) => call.new_address)
    .map(({ api_key_id: key, created_at: at }) => `${key}@${at}`);

describe('a new address', () => {
  const rows = [
    row(1, 10, 'a'),
    row(1, 20, 'a'),
    row(1, 30, 'b'),
    row(1, 40, 'b'),
    row(2, 50, 'a'),
    row(1, 60, 'a'),
    row(1, 70, 'c'),
  ];

  it('is marked once for each key, and never for its first address', () => {
    expect(marked(rows)).toEqual(['1@70', '1@30']);
  });

  it('does not depend on the order of the log', () => {
    expect(marked(rows.toReversed())).toEqual(['1@70', '1@30']);
  });

  it('is not told by a call without a time, a key or an address', () => {
    expect(
      marked([row(1, null, 'a'), row(null, 20, 'b'), row(1, 30, null), row(1, 40, 'c'), row(1, 'soon', 'd')]),
    ).toEqual([]);
  });
});

describe('the calls of a log', () => {
  it('are sorted, the newest first and those without a time last', () => {
    const calls = loggedCalls([row(1, null, 'a'), row(2, '1970-01-01T00:00:20Z', 'a'), row(3, 30, 'a')]);
    expect(calls.map(({ api_key_id: key }) => key)).toEqual([3, 2, 1]);
  });

  const calls = loggedCalls([
    row(1, 10, '192.0.2.1', 'PUT /api/v0/asks/1/'),
    row(2, 20, '192.0.2.2', 'https://console.vast.ai/api/v0/instances/7/?x=1'),
    row(2, 30, '198.51.100.1', 'api.instance.destroy'),
    row(null, null, null, null),
  ]);
  it.each([
    [{}, [30, 20, 10, null]],
    [{ key: 2 }, [30, 20]],
    [{ since: 20 }, [30, 20]],
    [{ route: '/api/v0/asks/*' }, [10]],
    [{ route: 'PUT *' }, [10]],
    [{ route: '/api/v0/instances/7/' }, [20]],
    [{ route: '*instance*' }, [30, 20]],
    [{ ip: '192.0.2.*' }, [20, 10]],
    [{ ip: '192.0.2.1' }, [10]],
    [{ key: 2, ip: '192.0.2.*' }, [20]],
    [{ key: 9 }, []],
  ])('are chosen by %j', (filter, times) => {
    expect(chooseCalls(calls, filter).map((call) => call.created_at)).toEqual(times);
  });
});
