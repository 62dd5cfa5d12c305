import { describe, expect, it } from 'vitest';
import { clientFor, errorOf, json, serve } from '../http/test-support/loopback-server.js';
import { createTeamRole, removeTeamRole, updateTeamRole } from './team-role-changes.js';

const DOCUMENT = { api: { team_read: {} } };
const ROLE = { name: 'dev ops/1', permissions: DOCUMENT };
const ROLES = '/api/v0/team/roles/';
const answering = (body: unknown, status = 200) => serve((response) => json(response, body, status));

describe('a change of a team role', () => {
  it('is sent as Vast.ai’s Python CLI sends it', async () => {
    const { url, seen } = await answering({ msg: 'success' });
    const client = clientFor(url);
    await createTeamRole(client, ROLE);
    await updateTeamRole(client, '5', ROLE);
    await removeTeamRole(client, 'dev ops/1');
    expect(seen.map(({ method, path, body }) => [method, path, JSON.parse(body)])).toEqual([
      ['POST', ROLES, ROLE],
      ['PUT', `${ROLES}5/`, ROLE],
      ['DELETE', `${ROLES}dev%20ops%2F1/`, {}],
    ]);
  });

  it.each([
    [{ msg: 'success' }],
    ['Successfully Updated Team Role For dev'],
    [{ status: 'success', message: 'Role removed from team' }],
    [{ success: true }],
  ])('is confirmed by %j', async (body) => {
    const { url } = await answering(body);
    expect(await updateTeamRole(clientFor(url), '5', ROLE)).toEqual({ value: ROLE, raw: body });
  });

  it.each([[{}], [[]], [5], [''], [true], [{ status: 'error', message: 'no' }], [{ status: 'pending' }]])(
    'is not confirmed by %j',
    async (body) => {
      const { url } = await answering(body);
      expect((await errorOf(createTeamRole(clientFor(url), ROLE))).code).toBe('unreachable');
    },
  );

  it('names the role that does not exist', async () => {
    const { url } = await answering({ success: false, error: 'not_found', msg: 'Not here.' }, 404);
    for (const work of [updateTeamRole(clientFor(url), 'dev', ROLE), removeTeamRole(clientFor(url), 'dev')]) {
      expect(await errorOf(work)).toMatchObject({
        code: 'not_found',
        status: 404,
        message: 'The team has no role “dev”.',
        advice: [{ do: 'list-roles' }],
      });
    }
  });

  it('says who may have a role that cannot be removed', async () => {
    const { url } = await answering({ success: false, error: 'invalid_args', message: 'In use.' }, 400);
    const error = await errorOf(removeTeamRole(clientFor(url), 'dev'));
    expect(error).toMatchObject({
      code: 'api_error',
      hint: 'You cannot remove a role that members still have.',
      advice: [{ do: 'list-members' }],
    });
    expect(error.message).toContain('In use.');
  });

  it('says how to check one whose response was lost', async () => {
    const { url } = await serve((response) => response.socket?.destroy());
    const error = await errorOf(createTeamRole(clientFor(url), ROLE));
    expect(error).toMatchObject({ code: 'unreachable', outcomeUnknown: true });
    expect(error.hint).toBe('The role “dev ops/1” may exist now. Check it with: vastai show team-roles');
  });

  it.each(['', '.', '..', '\ud800'])('refuses the name %j in a path without a request', async (name) => {
    const { url, seen } = await answering({ msg: 'success' });
    expect((await errorOf(removeTeamRole(clientFor(url), name))).code).toBe('usage');
    expect((await errorOf(updateTeamRole(clientFor(url), name, ROLE))).code).toBe('usage');
    expect(seen).toEqual([]);
  });
});
