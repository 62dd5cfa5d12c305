import { describe, expect, it } from 'vitest';
import {
  ENDPOINT_NAMES,
  findOperation,
  mayReachElsewhere,
  OPERATIONS,
  operationNamed,
  operationOfEndpoint,
  operationsOfCategory,
} from './catalogue.js';
import { OPERATION_ROWS } from './catalogue-data.js';
import { CATEGORIES, CATEGORY_PURPOSES, isCategory, UNLISTED_CATEGORIES } from './categories.js';
import { OPERATION_RISKS } from './risk-data.js';

const repeated = (values: readonly string[]): string[] =>
  values.filter((value, index) => values.indexOf(value) !== index);

describe('the catalogue', () => {
  it('has every operation once, sorted by name', () => {
    const names = OPERATIONS.map(({ operation }) => operation);
    expect(repeated(names)).toEqual([]);
    expect(names).toEqual([...names].sort());
    expect(names).toHaveLength(329);
  });

  it('has each combination of method and route once, whatever the parameters are called', () => {
    const routes = OPERATIONS.map(
      ({ method, route }) => `${method} ${route.replace(/\{[^}]+\}/gu, '{}').replace(/\/$/u, '')}`,
    );
    expect(repeated(routes)).toEqual([]);
  });

  it.each(OPERATION_ROWS.map((row) => ({ name: row[0], row })))('has a sound row for $name', ({ row }) => {
    const [operation, method, route, category, listed, endpoint] = row;
    expect(operation).toMatch(/^[a-z]+(?:_[a-z]+)*\.[a-z]+\w*$/u);
    expect(['GET', 'POST', 'PUT', 'DELETE']).toContain(method);
    expect(route).toMatch(/^\/api\/v[01](?:\/(?:[A-Za-z0-9_-]+|\{[A-Za-z_]+\}))+\/?$/u);
    const parameters = route.match(/\{[^}]+\}/gu) ?? [];
    expect(repeated(parameters)).toEqual([]);
    expect(['listed', undefined]).toContain(listed);
    expect(endpoint ?? 'api.group.name').toMatch(/^api\.[a-z]+\.[a-z_]+$/u);
    expect(category === 'unknown' || isCategory(category)).toBe(true);
    expect(listed === 'listed' && category !== 'unknown' && UNLISTED_CATEGORIES.has(category)).toBe(false);
  });

  it('has only known categories, and uses all of them', () => {
    const categories = new Set(OPERATIONS.map(({ category }) => category));
    expect([...categories].filter((category) => category !== 'unknown' && !isCategory(category))).toEqual([]);
    expect(CATEGORIES.filter((category) => !categories.has(category))).toEqual([]);
    expect(Object.keys(CATEGORY_PURPOSES)).toEqual(CATEGORIES);
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

  it('says of the machine routes what a host would be alarmed by', () => {
    const kinds = (name: string) => operationNamed(name)?.risks.map(({ kind }) => kind);
    expect(kinds('machine.instance_secrets')).toContain('shows_secrets');
    expect(kinds('machine.key')).toContain('shows_secrets');
    expect(kinds('machine.transfer')).toContain('changes_access');
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

  it.each([
    ['GET', '/api/v0/instances/count/', 'instance.count'],
    ['GET', '/api/v0/instances/5/', 'instance.show'],
    ['GET', '/api/v0/instances/accept-price-increase/abc/', 'price_increase.show_by_token'],
    ['PUT', '/api/v0/instances/5/accept-price-increase/', 'price_increase.accept_for_instance'],
    ['PUT', '/api/v0/instances/accept-price-increase/', 'price_increase.accept'],
    ['PUT', '/api/v0/users/current/', 'account.update_current'],
    ['PUT', '/api/v0/users/5', 'user.update'],
    ['POST', '/api/v0/users/5/templates/', 'template.user_add'],
    ['GET', '/api/v0/users/5/templates/popular/', 'template.user_popular'],
    ['GET', '/api/v0/users/5/templates/3f2a/', 'template.user_show'],
    ['GET', '/api/v0/machines/errors/count', 'machine.error_count'],
    ['GET', '/api/v0/machines/errors', 'machine.errors'],
    ['GET', '/api/v0/commands/rclone/request/abc/', 'copy.cloud_request'],
    ['POST', '/api/v0/commands/rclone/abc/', 'copy.cloud_report'],
    ['PUT', '/api/v0/commands/schedule_job/5/', 'scheduled_job.update'],
  ])('tells %s %s from the routes beside it', (method, path, operation) => {
    expect(named(method, path)).toBe(operation);
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

  it.each([
    ['DELETE', '/api/v0/instances/5%2F..%2F..%2Fauth%2Fapikeys%2F7/', true],
    ['DELETE', '/api/v0/instances/..%2f5/', true],
    ['DELETE', '/api/v0/instances/5%5C..%5C6/', true],
    ['DELETE', '/api/v0/instances/.\\5/', true],
    ['PUT', '/api/v0/instances/request_logs%2F5/', true],
    ['GET', '/api/v0/team/roles/%2Fa/', true],
    ['GET', '/api/v0/team/roles/a%2Fb/', false],
    ['GET', '/api/v0/team/roles/a%2F/', false],
    ['DELETE', '/api/v0/instances/%35/', false],
    ['DELETE', '/api/v0/instances/../5/', false],
  ])('says whether %s %s may reach elsewhere: %s', (method, path, expected) => {
    expect(mayReachElsewhere(method, path)).toBe(expected);
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
  it('find operations by name and by category', () => {
    expect(operationNamed('instance.destroy')?.route).toBe('/api/v0/instances/{id}/');
    expect(operationNamed('toString')).toBeUndefined();
    expect(operationsOfCategory('billing_write').map(({ operation }) => operation)).toEqual([
      'credit.buy',
      'credit.pay',
      'credit.transfer',
      'payment.attach_method',
      'payment.start',
    ]);
  });
});
