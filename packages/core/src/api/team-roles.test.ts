import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
import { listTeamRoles, teamRole } from './team-roles.js';

const DOCUMENT = { api: { team_read: {} } };
const OPS = { id: 5, name: 'dev ops/1', identifier: 'role_5', permissions: DOCUMENT };
const OPS_VALUE = { id: 5, name: 'dev ops/1', permissions: DOCUMENT, full_access: false };
const FULL = { id: 6, name: 'owner', permissions: false };
const FULL_VALUE = { id: 6, name: 'owner', permissions: null, full_access: true };
const NOT_FOUND = { success: false, error: 'not_found', msg: 'Role not found.' };

/** Serves one answer to the list, and another to everything else. */
const serveRoles = (list: unknown, one: unknown = NOT_FOUND, status = 404) =>
  serve((response, { path }) =>
    path.endsWith('/roles-full/') ? json(response, list) : json(response, one, status),
  );

describe('listTeamRoles', () => {
  it.each([[[OPS, FULL]], [{ roles: [OPS, FULL] }]])('reads %j', async (list) => {
    const { url, seen } = await serveRoles(list);
    const { value, raw, leftOut } = await listTeamRoles(clientFor(url));
    expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/team/roles-full/' }]);
    expect(value).toEqual([OPS_VALUE, FULL_VALUE]);
    expect({ raw, leftOut }).toEqual({ raw: list, leftOut: 0 });
  });

  it.each([null, 5, 'role', {}, { permissions: DOCUMENT }, { id: '5' }])('leaves out %j', async (odd) => {
    const { url } = await serveRoles([odd, OPS, odd]);
    expect(await listTeamRoles(clientFor(url))).toMatchObject({ value: [OPS_VALUE], leftOut: 2 });
  });

  it.each([[undefined], [null], ['x'], [true], [[]]])(
    'takes the permissions %j for unknown',
    async (permissions) => {
      const { url } = await serveRoles([{ id: 7, name: 'odd', permissions }]);
      const { value } = await listTeamRoles(clientFor(url));
      expect(value).toEqual([{ id: 7, name: 'odd', permissions: null, full_access: null }]);
    },
  );

  it.each([[{}], [{ roles: {} }], [[1]], ['roles']])('rejects %j', async (list) => {
    const { url } = await serveRoles(list);
    expect((await errorOf(listTeamRoles(clientFor(url)))).code).toBe('unreachable');
  });
});

describe('teamRole', () => {
  it.each(['dev ops/1', '5'])('requests the one role by %s, in one segment of the path', async (name) => {
    const { url, seen } = await serveRoles([], OPS, 200);
    expect((await teamRole(clientFor(url), name)).value).toEqual(OPS_VALUE);
    expect(seen.map(({ path }) => path)).toEqual([`/api/v0/team/roles/${encodeURIComponent(name)}/`]);
  });

  it.each([
    ['404', 404, NOT_FOUND],
    ['405', 405, {}],
    ['another role', 200, FULL],
    ['a list', 200, [OPS]],
    ['the document alone', 200, DOCUMENT],
    ['nothing', 200, null],
  ])('finds it in the list after %s', async (_, status, one) => {
    const { url, seen } = await serveRoles([FULL, OPS], one, status);
    expect((await teamRole(clientFor(url), 'dev ops/1')).value).toEqual(OPS_VALUE);
    expect(seen).toHaveLength(2);
  });

  it('reports a role that does not exist, with the names of the others', async () => {
    const { url } = await serveRoles([OPS, { id: 8 }]);
    expect(await errorOf(teamRole(clientFor(url), 'devs'))).toMatchObject({
      code: 'not_found',
      status: 404,
      message: 'The team has no role “devs”.',
      roleNames: ['dev ops/1'],
    });
  });

  it('reports a role that does not exist although the list may not be read', async () => {
    const { url } = await serve((response, { path }) =>
      path.endsWith('/roles-full/')
        ? json(response, { success: false, error: 'auth_error', msg: 'Not authorized.' }, 403)
        : json(response, NOT_FOUND, 404),
    );
    const error = await errorOf(teamRole(clientFor(url), 'devs'));
    expect(error).toMatchObject({ code: 'not_found', roleNames: undefined });
  });

  it('does not say that a role is missing if the list has one without a name', async () => {
    const { url } = await serveRoles([OPS, { permissions: DOCUMENT }], {}, 200);
    expect((await errorOf(teamRole(clientFor(url), 'devs'))).code).toBe('unreachable');
  });

  it.each(['', '.', '..', '\ud800'])('refuses the name %j without a request', async (name) => {
    const { url, seen } = await serveRoles([]);
    expect((await errorOf(teamRole(clientFor(url), name))).code).toBe('usage');
    expect(seen).toEqual([]);
  });
});
