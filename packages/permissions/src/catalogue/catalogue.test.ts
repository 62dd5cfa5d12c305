import { describe, expect, it } from 'vitest';
import {
  ENDPOINT_NAMES,
  findOperation,
  knownCommands,
  OPERATIONS,
  operationNamed,
  operationOfEndpoint,
  operationsOfCategory,
  operationsOfCommand,
} from './catalogue.js';
import { OPERATION_ROWS } from './catalogue-data.js';
import { CATEGORIES, isCategory } from './categories.js';
import { OPERATION_RISKS } from './risk-data.js';

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe('the catalogue', () => {
  it('has every operation once, sorted by name', () => {
    const names = OPERATIONS.map(({ operation }) => operation);
    expect(repeated(names)).toEqual([]);
    expect(names).toEqual([...names].sort());
    expect(names).toHaveLength(201);
  });

  it('has each combination of method and route once, whatever the parameters are called', () => {
    const routes = OPERATIONS.map(
      ({ method, route }) => `${method} ${route.replace(/\{[^}]+\}/gu, '{}').replace(/\/$/u, '')}`,
    );
    expect(repeated(routes)).toEqual([]);
  });

  it('has only known categories, and uses all of them', () => {
    const categories = new Set(OPERATIONS.map(({ category }) => category));
    expect([...categories].filter((category) => category !== 'unknown' && !isCategory(category))).toEqual([]);
    expect(CATEGORIES.filter((category) => !categories.has(category))).toEqual([]);
  });

  it('finds every operation by its route, with or without a trailing slash', () => {
    for (const { operation, method, route, parameters } of OPERATIONS) {
      const path = route.replace(/\{[^}]+\}/gu, '17');
      for (const spelling of [path, path.replace(/\/$/u, ''), `${path.replace(/\/$/u, '')}/`]) {
        const found = findOperation(method, spelling);
        expect(found?.operation.operation, `${method} ${spelling}`).toBe(operation);
        expect(Object.keys(found?.parameters ?? {})).toEqual(parameters);
      }
    }
  });

  it('has risks for every operation and for nothing else', () => {
    expect(Object.keys(OPERATION_RISKS).sort()).toEqual(OPERATION_ROWS.map(([name]) => name));
    expect(OPERATIONS.filter(({ risks }) => risks.length === 0)).toEqual([]);
    for (const { risks } of OPERATIONS) {
      for (const { reason } of risks) expect(reason).toMatch(/^\S.*[^.\s]$/u);
    }
  });

  it('never calls a DELETE or an operation that spends money a mere read', () => {
    const onlyReads = OPERATIONS.filter(({ risks }) => risks.every(({ kind }) => kind === 'read'));
    expect(onlyReads.filter(({ method }) => method === 'DELETE')).toEqual([]);
    expect(
      OPERATIONS.filter(({ category }) => category === 'unknown').map(({ operation }) => operation),
    ).toEqual(['contract.fetch', 'instance.start_bulk_documented', 'notification.types']);
  });

  it('has the five published endpoint names, each on one operation', () => {
    expect(ENDPOINT_NAMES).toEqual([
      'api.instance.destroy',
      'api.instance.reboot',
      'api.instance.request_logs',
      'api.instance.show',
      'api.team.members',
    ]);
    expect(operationOfEndpoint('api.instance.destroy')?.operation).toBe('instance.destroy');
    expect(operationOfEndpoint('constructor')).toBeUndefined();
  });
});

describe('findOperation', () => {
  const named = (method: string, path: string): string | undefined =>
    findOperation(method, path)?.operation.operation;

  it('prefers a literal segment to a parameter', () => {
    expect(named('GET', '/api/v0/machines/maintenances')).toBe('machine.maintenances');
    expect(named('GET', '/api/v0/machines/5/')).toBe('machine.show');
    expect(named('GET', '/api/v0/instances/filters/')).toBe('instance.filters');
  });

  it('does not match a literal segment with the parameter of another method', () => {
    expect(named('DELETE', '/api/v0/instances/filters/')).toBeUndefined();
  });

  it('ignores the query, the fragment and the case of the method', () => {
    expect(named('delete', '/api/v0/instances/5/?a=/x#y')).toBe('instance.destroy');
  });

  it('decodes path parameters, and keeps malformed percent-encoding', () => {
    expect(findOperation('GET', '/api/v0/team/roles/a%2Fb%20c/')?.parameters).toEqual({ id: 'a/b c' });
    expect(findOperation('GET', '/api/v0/team/roles/50%/')?.parameters).toEqual({ id: '50%' });
    expect(findOperation('DELETE', '/api/v0/instances/5/ssh/7/')?.parameters).toEqual({ id: '5', key: '7' });
  });

  it('returns no value for a placeholder', () => {
    expect(findOperation('GET', '/api/v0/instances/{id}/')?.parameters).toEqual({});
  });

  it.each([
    '/api/v0/team/roles/../members/',
    '/api/v0/team/roles/%2e%2e/members/',
    '/api/v0/team/./roles/5/',
    '/api/v0//instances/5/',
    '/api/v0/instances/5//',
    'api/v0/instances/5/',
    '/',
    '',
    '//',
    '/api/v0/instances/5/6/7/8/',
    `/${'a/'.repeat(100_000)}`,
    '/__proto__/constructor',
  ])('finds nothing for %.60s', (path) => {
    expect(named('GET', path)).toBeUndefined();
  });
});

describe('catalogue lookups', () => {
  it('find the operations of a command, with or without the program name', () => {
    const names = ['instance.create', 'instance.create_bulk'];
    expect(operationsOfCommand('create instances').map(({ operation }) => operation)).toEqual(names);
    expect(operationsOfCommand(' vastai  create   instances ').map(({ operation }) => operation)).toEqual(
      names,
    );
    expect(operationsOfCommand('create nothing')).toEqual([]);
    expect(knownCommands()).toContain('destroy instance');
  });

  it('find operations by name and by category', () => {
    expect(operationNamed('instance.destroy')?.route).toBe('/api/v0/instances/{id}/');
    expect(operationNamed('toString')).toBeUndefined();
    expect(operationsOfCategory('billing_write').map(({ operation }) => operation)).toEqual([
      'credit.transfer',
    ]);
  });
});
