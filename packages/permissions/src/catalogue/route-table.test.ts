import { describe, expect, it } from 'vitest';
import type { Operation } from './operation.js';
import { RouteTable } from './route-table.js';

const table = () =>
  new RouteTable(
    [
      ['a.list', 'GET', '/a/'],
      ['a.show', 'GET', '/a/{id}/'],
      ['a.new', 'POST', '/a/new/'],
      ['a.part', 'GET', '/a/{id}/parts/{part}/'],
      ['a.only', 'PUT', '/a/only/deep/'],
      ['b.prefix', 'GET', '/b/x{id}/'],
      ['b.suffix', 'GET', '/b/{id}x/'],
    ].map(([operation, method, route]) => ({ operation, method, route }) as Operation),
  );
const found = (method: string, path: string): [string, Record<string, string>] | undefined => {
  const match = table().find(method, path);
  return match && [match.operation.operation, match.parameters];
};

describe('RouteTable', () => {
  it.each<[method: string, path: string, operation: string, parameters: Record<string, string>]>([
    ['GET', '/a/', 'a.list', {}],
    ['get', '/a', 'a.list', {}],
    ['GET', '/a/5/', 'a.show', { id: '5' }],
    ['GET', '/a/5', 'a.show', { id: '5' }],
    ['GET', '/a/5?x=/a/b', 'a.show', { id: '5' }],
    ['GET', '/a/5#y\n/z', 'a.show', { id: '5' }],
    // A literal that only goes on to longer routes does not stand in the way.
    ['GET', '/a/only/', 'a.show', { id: 'only' }],
    ['GET', '/a/5%2F6/', 'a.show', { id: '5/6' }],
    ['GET', '/a/100%/', 'a.show', { id: '100%' }],
    ['GET', '/a/{id}/', 'a.show', {}],
    ['GET', '/a/{id/', 'a.show', { id: '{id' }],
    ['GET', '/a/id}/', 'a.show', { id: 'id}' }],
    ['GET', '/a/5/parts/6/', 'a.part', { id: '5', part: '6' }],
    ['POST', '/a/new/', 'a.new', {}],
    ['GET', '/a/only/parts/7', 'a.part', { id: 'only', part: '7' }],
    ['GET', '/b/x{id}/', 'b.prefix', {}],
    ['GET', '/b/{id}x', 'b.suffix', {}],
  ])('finds %s %s', (method, path, operation, parameters) => {
    expect(found(method, path)).toEqual([operation, parameters]);
  });

  it.each([
    ['POST', '/a/'],
    // A literal goes first, and has no such method: another route must not take its place.
    ['GET', '/a/new/'],
    ['GET', '/a/5/parts/'],
    ['GET', '/a/5/6/'],
    ['GET', '/a/only/deep/'],
    ['GET', '/b/xy/'],
    ['GET', '/b/yx/'],
    ['GET', 'a/5/'],
    ['GET', 'xa/5/'],
    ['GET', ''],
    ['GET', '/'],
    ['GET', '//a/'],
    ['GET', '/a//'],
    ['GET', '/a/./'],
    ['GET', '/a/../a/'],
    ['GET', '/a/%2e%2E/'],
    ['GET', '/a/5//'],
  ])('finds nothing for %s %s', (method, path) => {
    expect(found(method, path)).toBeUndefined();
  });
});
