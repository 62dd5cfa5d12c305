import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { readRecordedCall } from './recorded-call.js';
import { type RecordedCall, recordingLine } from './recording.js';

const CALL: RecordedCall = {
  time: 1_700_000_000.5,
  operation: 'instance.destroy',
  method: 'DELETE',
  route: '/api/v0/instances/{id}/',
  ids: { id: '42' },
  verdict: 'allow',
  status: 200,
  ms: 3.2,
};
const read = (fields: object) => readRecordedCall(JSON.stringify({ ...CALL, ...fields }));

describe('readRecordedCall', () => {
  it('reads every operation of the catalogue from the line that a broker writes', () => {
    for (const { operation, method, route, parameters } of OPERATIONS) {
      const ids = Object.fromEntries(parameters.map((name) => [name, '7']));
      const line = recordingLine({ ...CALL, operation, method, route, ids });
      const { action, path, ...call } = readRecordedCall(line) ?? {};
      expect(call).toEqual({ wasAllowed: true, method, isPublic: false });
      expect(path).toBe(route.replace(/\{[^{}]+\}/gu, '7'));
      expect(action).toMatchObject({ name: operation, operations: [{ operation }], parameters: ids });
    }
  });

  it('knows what a run refused, and what needs no permission', () => {
    expect(read({ verdict: 'deny' })).toMatchObject({ wasAllowed: false });
    const names = { operation: 'gpu.names', method: 'GET', route: '/api/v0/gpu_names/unique/', ids: {} };
    expect(read(names)).toMatchObject({ isPublic: true });
    expect(read({ ...names, method: 'PUT' })).toMatchObject({ isPublic: false });
  });

  it('takes lines of other versions: with more fields, and with other names for an operation', () => {
    expect(read({ version: 2, time: 'later', status: 'odd', ms: null })).toEqual(read({}));
    expect(read({ operation: 'instance.remove' })?.action).toEqual(read({})?.action);
    expect(read({ operation: null })?.action).toEqual(read({})?.action);
    expect(read({ route: '/api/v9/instances/{id}/' })?.action).toEqual(read({})?.action);
    const unknown = read({ operation: 'moon.fly', route: '/api/v9/moon/', method: 'PUT' });
    expect(unknown).toMatchObject({ path: '/api/v9/moon/', action: { name: 'moon.fly', operations: [] } });
    expect(read({ operation: null, route: '/api/v9/x/?api_key=secret#secret' })?.path).toBe('/api/v9/x/');
    expect(read({ operation: null, route: null, ids: {} })?.path).toBe('(unknown route)');
  });

  it('does not count an id that is cut off, of another type, or not in the route', () => {
    const parametersOf = (ids: object) => read({ ids })?.action.parameters;
    expect(parametersOf({ id: '4'.repeat(99), other: '5' })).toEqual({ id: '4'.repeat(99) });
    for (const id of ['4'.repeat(100), 42, null, { toString: '42' }])
      expect(parametersOf({ id })).toEqual({});
    const inherited = readRecordedCall(
      JSON.stringify(CALL).replace('{"id":"42"}', '{"__proto__":{"id":"42"}}'),
    );
    expect(inherited?.action.parameters).toEqual({});
    expect(read({ ids: { id: 'a/../b\ud800' } })?.path).toBe('/api/v0/instances/a%2F..%2Fb%EF%BF%BD/');
  });

  it.each<[what: string, line: string]>([
    ['nothing', ''],
    ['half a line', JSON.stringify(CALL).slice(0, 60)],
    ['another value', '[1]'],
    ['deep nesting', '['.repeat(60_000)],
    ['a call without ids', JSON.stringify({ ...CALL, ids: undefined })],
    ['a call with ids in a list', JSON.stringify({ ...CALL, ids: ['42'] })],
    ['a call without a verdict', JSON.stringify({ ...CALL, verdict: undefined })],
    ['a call with another verdict', JSON.stringify({ ...CALL, verdict: 'ask' })],
    ['a call with a number for a name', JSON.stringify({ ...CALL, operation: 5 })],
    ['a call without a method', JSON.stringify({ ...CALL, method: null })],
    ['a route longer than any', JSON.stringify({ ...CALL, route: '/'.repeat(301) })],
    ['an operation with the method of another', JSON.stringify({ ...CALL, method: 'GET', route: null })],
    ['an operation with the route of another', JSON.stringify({ ...CALL, operation: 'volume.delete' })],
    ['a row of an audit log', '{"api_key_id":42,"api_route":"DELETE /api/v0/instances/5/","args":"{}"}'],
  ])('reads no call from %s', (_, line) => {
    expect(readRecordedCall(line)).toBeUndefined();
  });
});
