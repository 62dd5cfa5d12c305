import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../test-support/ask.js';
import { type Sandbox, startSandbox } from '../server.js';

const TEAM = '/api/v0/team/';
const OWNER = { id: 123456, username: 'you', email: 'you@example.com', fullname: null, roles: ['owner'] };
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

const membersFor = (key?: string) => ask(sandbox, 'GET', `${TEAM}members/`, { key });
const rolesFor = async (key?: string) =>
  (await ask(sandbox, 'GET', `${TEAM}roles/`, { key })).json as unknown[];

describe('a team', () => {
  it('takes over the key that creates it, and has roles and members of its own', async () => {
    const { id, value } = sandbox.addKey({ name: 'team' });
    const created = await ask(sandbox, 'POST', TEAM, { key: value, body: { team_name: 'acme' } });
    expect(created.json).toEqual({ success: true, team_id: 900001 });
    expect(await rolesFor(value)).toEqual(['owner', 'manager', 'member']);
    expect(await rolesFor()).toEqual([]);
    const { json } = await ask(sandbox, 'GET', `/api/v0/auth/apikeys/${id}/`);
    expect(json).toMatchObject({ team_id: 900001, team_name: 'acme' });
    sandbox.addMember({ email: 'dev@example.com', roles: ['member'], teamId: 900001 });
    expect((await membersFor(value)).json).toHaveLength(2);
    expect((await membersFor()).json).toEqual([OWNER]);
    const tfa = await ask(sandbox, 'POST', '/api/v0/tfa/totp-setup/', { key: value, body: {} });
    expect([tfa.status, tfa.json.error]).toEqual([403, 'team_user_forbidden']);
    const again = await ask(sandbox, 'POST', TEAM, { key: value, body: { team_name: 'more' } });
    expect(again.status).toBe(400);
  });

  it('gives the key back when it is destroyed, and takes the other keys of the team with it', async () => {
    const { id, value } = sandbox.addKey({ name: 'team' });
    await ask(sandbox, 'POST', TEAM, { key: value, body: { team_name: 'acme' } });
    const made = await ask(sandbox, 'POST', '/api/v0/auth/apikeys/', { key: value, body: { name: 'ci' } });
    const destroyed = await ask(sandbox, 'DELETE', TEAM, { key: value });
    expect(destroyed.json).toEqual({ success: true, msg: 'Team Successfully Deleted!', pkey_id: id });
    expect((await membersFor(value)).json).toEqual([OWNER]);
    expect((await membersFor(made.json.key)).status).toBe(404);
    expect((await ask(sandbox, 'DELETE', TEAM, { key: value })).status).toBe(404);
  });
});

describe('members', () => {
  it('come as an array or in an object', async () => {
    const id = sandbox.addMember({ email: 'dev@example.com', roles: ['dev'] });
    const member = { id, username: 'member', email: 'dev@example.com', fullname: null, roles: ['dev'] };
    expect((await membersFor()).json).toEqual([OWNER, member]);
    sandbox.quirks.members = 'object';
    expect((await membersFor()).json).toEqual({ success: true, members: [OWNER, member] });
  });

  it('are invited by query or body, with a role of the team', async () => {
    const invite = `${TEAM}invite/`;
    const sent = { success: true, msg: 'New invitation sent to a+b@example.com' };
    const query = '?email=a%2Bb%40example.com&role=member';
    expect((await ask(sandbox, 'POST', `${invite}${query}`, { body: {} })).json).toEqual(sent);
    const body = { email: 'a+b@example.com', role: 'member' };
    expect((await ask(sandbox, 'POST', invite, { body })).json).toEqual(sent);
    for (const wrong of [
      {},
      { ...body, email: 'nobody' },
      { ...body, role: 'nope' },
      { ...body, email: 'you@example.com' },
    ])
      expect((await ask(sandbox, 'POST', invite, { body: wrong })).status).toBe(400);
  });

  it('can be removed, except for the owner', async () => {
    const id = sandbox.addMember({ email: 'dev@example.com', roles: [] });
    const path = `${TEAM}members/${id}/`;
    expect((await ask(sandbox, 'DELETE', path)).json).toMatchObject({ status: 'success' });
    expect((await ask(sandbox, 'DELETE', path)).status).toBe(404);
    expect((await ask(sandbox, 'DELETE', `${TEAM}members/123456/`)).status).toBe(400);
  });
});
