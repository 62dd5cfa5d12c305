import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
import { inviteMember, listTeamMembers, removeMember } from './team-members.js';

const DEV = { id: 5, username: 'dev', email: 'dev@example.com', fullname: 'D. Ev', roles: ['dev', 'ops'] };
const answering = (body: unknown, status = 200) => serve((response) => json(response, body, status));

describe('listTeamMembers', () => {
  it.each([[[DEV]], [{ success: true, members: [DEV] }]])('reads %j', async (list) => {
    const { url, seen } = await answering(list);
    expect(await listTeamMembers(clientFor(url))).toEqual({ value: [DEV], raw: list, leftOut: 0 });
    expect(seen).toMatchObject([{ method: 'GET', path: '/api/v0/team/members/' }]);
  });

  it.each([
    [{ id: 5, role: 'dev' }, ['dev']],
    [{ id: 5, roles: ['dev', 7, null] }, ['dev']],
    [{ id: 5, roles: 'dev' }, null],
    [{ email: 'a@b', roles: [] }, []],
  ])('reads the roles of %j', async (record, roles) => {
    const { url } = await answering([record]);
    expect((await listTeamMembers(clientFor(url))).value[0]?.roles).toEqual(roles);
  });

  it('leaves out records without a name', async () => {
    const { url } = await answering([DEV, {}, null, { fullname: 'x' }]);
    expect(await listTeamMembers(clientFor(url))).toMatchObject({ value: [DEV], leftOut: 3 });
  });

  it.each([[{}], [{ a: [], b: [] }], [[1]], ['members'], [null]])('rejects %j', async (list) => {
    const { url } = await answering(list);
    expect((await errorOf(listTeamMembers(clientFor(url)))).code).toBe('unreachable');
  });
});

describe('inviteMember', () => {
  it('sends both in the query and an empty body, as Vast.ai’s Python CLI does', async () => {
    const { url, seen } = await answering({ success: true, msg: 'sent' });
    const invitation = { email: 'a+b@example.com', role: 'dev ops&admin=1' };
    expect((await inviteMember(clientFor(url), invitation)).value).toEqual(invitation);
    const [request] = seen;
    const { pathname, searchParams } = new URL(request?.path ?? '', url);
    expect([request?.method, pathname, request?.body]).toEqual(['POST', '/api/v0/team/invite/', '{}']);
    expect([...searchParams]).toEqual(Object.entries(invitation));
  });

  it('says what may be wrong with one that is rejected', async () => {
    const { url } = await answering({ success: false, error: 'invalid_args', message: 'No role.' }, 400);
    expect(await errorOf(inviteMember(clientFor(url), { email: 'a@b', role: 'x' }))).toMatchObject({
      code: 'api_error',
      hint: 'Check the address and the role.',
      advice: [{ do: 'list-roles' }],
    });
  });
});

describe('removeMember', () => {
  it('removes by id', async () => {
    const { url, seen } = await answering({ status: 'success', message: 'User removed from the team.' });
    expect((await removeMember(clientFor(url), 5)).value).toBe(5);
    expect(seen).toMatchObject([{ method: 'DELETE', path: '/api/v0/team/members/5/', body: '{}' }]);
  });

  it('names the member that does not exist', async () => {
    const { url } = await answering({ success: false, msg: 'Nobody.' }, 404);
    expect(await errorOf(removeMember(clientFor(url), 5))).toMatchObject({
      code: 'not_found',
      message: 'The team has no member 5.',
      status: 404,
    });
  });
});
