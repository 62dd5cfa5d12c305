import { describe, expect, it } from 'vitest';
import { type ActionKind, readAction, similarAction } from './action.js';

describe('readAction', () => {
  it.each<[ActionKind, string, operations: string[]]>([
    ['request', ' delete  /api/v0/instances/5?id=6 ', ['instance.destroy']],
    ['request', 'GET /api/v0/nowhere/', []],
    ['command', ' destroy instance ', ['instance.destroy']],
    ['command', 'vastai destroy instance', ['instance.destroy']],
    ['operation', ' instance.destroy ', ['instance.destroy']],
    ['operation', 'api.instance.destroy', ['instance.destroy']],
  ])('reads the %s %j', (kind, text, operations) => {
    const action = readAction(kind, text);
    const needed = 'operations' in action ? action.operations.map(({ operation }) => operation) : undefined;
    expect(needed).toEqual(operations);
  });

  it.each<[ActionKind, string, problem: string]>([
    ['request', '', 'malformed'],
    ['request', '/api/v0/instances/', 'malformed'],
    ['request', 'GET https://console.vast.ai/', 'malformed'],
    ['request', 'GET /api/v0/instances/ HTTP/1.1', 'malformed'],
    ['command', '', 'unknown'],
    ['command', 'destroy planet', 'unknown'],
    ['operation', 'destroy instance', 'unknown'],
    ['operation', '__proto__', 'unknown'],
  ])('rejects the %s %j', (kind, text, problem) => {
    expect(readAction(kind, text)).toEqual({ problem });
  });

  it('prefers the values in the path over the given ones', () => {
    const given = { id: 6, force: true };
    expect(readAction('request', 'delete /api/v0/instances/5/', given)).toMatchObject({
      name: 'DELETE /api/v0/instances/5/',
      parameters: { id: '5', force: true },
      request: { method: 'DELETE', path: '/api/v0/instances/5/' },
    });
    expect(readAction('operation', 'instance.destroy', given)).toMatchObject({ parameters: given });
  });
});

describe('similarAction', () => {
  it('finds the name closest to a misspelled one, if it is close enough', () => {
    expect(similarAction('operation', 'instance.destory')).toBe('instance.destroy');
    expect(similarAction('command', 'destroy instanc')).toBe('destroy instance');
    expect(similarAction('command', 'make me a sandwich')).toBeUndefined();
  });
});
