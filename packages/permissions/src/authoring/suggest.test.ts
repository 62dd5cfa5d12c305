import { describe, expect, it } from 'vitest';
import { type Action, type ActionKind, type Parameters, readAction } from '../decision/action.js';
import { actionsOfAuditLog } from './audit-log.js';
import { suggest } from './suggest.js';

const action = (kind: ActionKind, text: string, parameters?: Parameters) =>
  readAction(kind, text, parameters) as Action;

describe('suggest', () => {
  it('narrows to endpoints and ids if the endpoint names are published', () => {
    const actions = [
      action('request', 'DELETE /api/v0/instances/5/'),
      action('request', 'get /api/v0/instances/5'),
    ];
    expect(suggest(actions)).toEqual({
      document: {
        api: {
          instance_read: { 'api.instance.show': { constraints: { id: { eq: 5 } } } },
          instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } },
        },
      },
      notes: [],
      uncovered: [],
    });
  });

  it('uses a range for several ids, and notes if it includes others', () => {
    const requests = (...ids: number[]) => ids.map((id) => action('request', `GET /api/v0/instances/${id}/`));
    const range = (gte: number, lte: number) => ({
      api: { instance_read: { 'api.instance.show': { constraints: { id: { gte, lte } } } } },
    });
    expect(suggest(requests(5, 7, 6))).toMatchObject({ document: range(5, 7), notes: [] });
    const wider = suggest(requests(5, 9));
    expect(wider.document).toEqual(range(5, 9));
    expect(wider.notes).toHaveLength(1);
  });

  it('does not narrow if an id is missing or the values form no range', () => {
    const actions = [action('request', 'GET /api/v0/instances/5/'), action('operation', 'instance.show')];
    expect(suggest(actions).document).toEqual({ api: { instance_read: { 'api.instance.show': {} } } });
    expect(suggest(actions).notes).toHaveLength(1);
    const named = [
      action('request', 'GET /api/v0/instances/a/'),
      action('request', 'GET /api/v0/instances/b/'),
    ];
    expect(suggest(named).document).toEqual({ api: { instance_read: { 'api.instance.show': {} } } });
  });

  it('grants the whole category if an endpoint name is not published, and says why', () => {
    const { document, notes } = suggest([
      action('command', 'show instances'),
      action('command', 'show instance', { id: 5 }),
    ]);
    expect(document).toEqual({ api: { instance_read: {} } });
    expect(notes).toEqual([
      'instance_read cannot be narrowed: the endpoint name of instance.list, instance.filters is not published.',
    ]);
  });

  it('does not grant what a command calls only in other forms', () => {
    expect(suggest([action('command', 'vastai reboot instance 5')])).toEqual({
      document: {
        api: { instance_write: { 'api.instance.reboot': { constraints: { id: { eq: 5 } } } } },
      },
      notes: [],
      uncovered: [],
    });
    const scheduled = suggest([action('command', 'reboot instance 5 --schedule DAILY')]);
    expect(scheduled.document).toEqual({ api: { instance_write: {} } });
  });

  it('says what it cannot cover', () => {
    const { document, uncovered, notes } = suggest([
      action('request', 'GET /api/v0/nothing/'),
      action('request', 'GET /api/v0/notification-types/'),
      { name: 'fly to the moon', operations: [], parameters: {} },
    ]);
    expect(document).toEqual({ api: {} });
    expect(uncovered).toEqual(['GET /api/v0/nothing/', 'GET /api/v0/notification-types/', 'fly to the moon']);
    expect(notes).toHaveLength(3);
  });
});

describe('actionsOfAuditLog', () => {
  const documentOf = (rows: unknown): unknown => suggest(actionsOfAuditLog(rows).actions).document;

  it('reads a method and path, a path with a separate method, a URL, and an endpoint name', () => {
    const expected = {
      api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } },
    };
    expect(documentOf([{ api_route: 'DELETE /api/v0/instances/5/', args: '{}' }])).toEqual(expected);
    expect(documentOf([{ api_route: '/api/v0/instances/5/', method: 'DELETE' }])).toEqual(expected);
    expect(documentOf([{ api_route: 'DELETE https://console.vast.ai/api/v0/instances/5/' }])).toEqual(
      expected,
    );
    expect(documentOf([{ api_route: 'DELETE instances/5/' }])).toEqual(expected);
    expect(documentOf([{ api_route: 'api.instance.destroy', args: '{"id": 5}' }])).toEqual(expected);
    expect(documentOf({ audit_logs: [{ api_route: 'api.instance.destroy', args: { id: 5 } }] })).toEqual(
      expected,
    );
  });

  it('assumes the writes of a route if the method is missing, and says so', () => {
    const { actions, notes } = actionsOfAuditLog([{ api_route: '/api/v0/auth/apikeys/43/', args: '{}' }]);
    expect(actions.flatMap(({ operations }) => operations.map(({ operation }) => operation))).toEqual([
      'apikey.delete',
    ]);
    expect(notes).toEqual([
      'The log does not say which method was used for "/api/v0/auth/apikeys/43/"; assumed apikey.delete.',
    ]);
    expect(documentOf([{ api_route: '/api/v0/audit_logs/' }])).toEqual({ api: { misc: {} } });
  });

  it.each([['x'], [null], [5], [{}], [{ a: [], b: [] }]])('rejects %j', (rows) => {
    expect(actionsOfAuditLog(rows)).toEqual({
      actions: [],
      notes: ['The audit log must be an array of rows.'],
    });
  });

  it('skips rows without a route, and accepts any other row', () => {
    const rows = [
      null,
      5,
      {},
      { api_route: 7 },
      { api_route: ' ' },
      { api_route: 'x', args: '{' },
      { api_route: 'GET' },
    ];
    const { actions, notes } = actionsOfAuditLog(rows);
    expect(actions.map(({ operations }) => operations)).toEqual([[], []]);
    expect(notes).toEqual(['Skipped rows without an api_route.']);
  });
});
