import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../../test-support/ask.js';
import { type Sandbox, startSandbox } from '../server.js';

const ROLES = '/api/v0/team/roles/';
const DOCUMENT = { api: { instance_read: {} } };
let sandbox: Sandbox;
beforeEach(async () => {
  sandbox = await startSandbox();
});
afterEach(() => sandbox.close());

describe('team roles', () => {
  it('can be created, read, changed and removed, by name or by id', async () => {
    expect(
      (await ask(sandbox, 'POST', ROLES, { body: { name: 'dev ops/1', permissions: DOCUMENT } })).status,
    ).toBe(200);
    const role = { id: 1, name: 'dev ops/1', identifier: 'role_1', permissions: DOCUMENT };
    expect((await ask(sandbox, 'GET', '/api/v0/team/roles-full/')).json).toEqual([role]);
    expect((await ask(sandbox, 'GET', ROLES)).json).toEqual(['dev ops/1']);
    expect((await ask(sandbox, 'GET', `${ROLES}dev%20ops%2F1/`)).json).toEqual(role);
    const renamed = { body: { name: 'dev', permissions: DOCUMENT } };
    expect((await ask(sandbox, 'PUT', `${ROLES}1/`, renamed)).json).toBe(
      'Successfully Updated Team Role For dev',
    );
    expect((await ask(sandbox, 'GET', `${ROLES}dev/`)).json).toEqual({ ...role, name: 'dev' });
    expect((await ask(sandbox, 'DELETE', `${ROLES}dev/`)).json).toMatchObject({ status: 'success' });
    expect((await ask(sandbox, 'GET', `${ROLES}dev/`)).status).toBe(404);
    expect((await ask(sandbox, 'PUT', `${ROLES}1/`, renamed)).status).toBe(404);
    expect((await ask(sandbox, 'DELETE', `${ROLES}1/`)).status).toBe(404);
  });

  it('reject an invalid name or document, with a `message`', async () => {
    await ask(sandbox, 'POST', ROLES, { body: { name: 'dev', permissions: DOCUMENT } });
    for (const body of [
      { name: 'x', permissions: DOCUMENT },
      { name: 'x'.repeat(51), permissions: DOCUMENT },
      { name: 'ops' },
      { name: 'dev', permissions: DOCUMENT },
    ]) {
      const { status, json } = await ask(sandbox, 'POST', ROLES, { body });
      expect([status, json]).toEqual([
        400,
        { success: false, error: 'invalid_args', message: expect.any(String) },
      ]);
    }
    for (const body of [{ name: '', permissions: DOCUMENT }, { name: 'ops' }, { permissions: DOCUMENT }])
      expect((await ask(sandbox, 'PUT', `${ROLES}dev/`, { body })).status).toBe(400);
  });

  it('cannot be removed while members hold them, also by a new name', async () => {
    await ask(sandbox, 'POST', ROLES, { body: { name: 'dev', permissions: DOCUMENT } });
    const id = sandbox.addMember({ email: 'dev@example.com', roles: ['dev'] });
    await ask(sandbox, 'PUT', `${ROLES}1/`, { body: { name: 'ops', permissions: DOCUMENT } });
    expect((await ask(sandbox, 'GET', '/api/v0/team/members/')).json[1].roles).toEqual(['ops']);
    const held = await ask(sandbox, 'DELETE', `${ROLES}ops/`);
    expect([held.status, held.json.message]).toEqual([400, 'This role is assigned to members of the team.']);
    await ask(sandbox, 'DELETE', `/api/v0/team/members/${id}/`);
    expect((await ask(sandbox, 'DELETE', `${ROLES}ops/`)).status).toBe(200);
  });

  it("are not visible to another user's team", async () => {
    await ask(sandbox, 'POST', ROLES, { body: { name: 'dev', permissions: DOCUMENT } });
    const { value } = sandbox.addKey({ name: null, userId: 654321 });
    expect((await ask(sandbox, 'GET', ROLES, { key: value })).json).toEqual([]);
    expect((await ask(sandbox, 'GET', `${ROLES}1/`, { key: value })).status).toBe(404);
  });
});
