import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const ROLES = '/api/v0/team/roles/';
const PERMISSIONS = ['--permissions', '{"api":{"team_read":{}}}'];

describe.concurrent('a lost answer says what may have happened, and how to find out:', () => {
  it.for<[string, readonly string[], string, string]>([
    [
      `POST ${ROLES}`,
      ['create', 'team-role', '--name', 'new', ...PERMISSIONS],
      'role “new” may exist',
      'team-roles',
    ],
    [
      `PUT ${ROLES}{id}/`,
      ['update', 'team-role', 'dev', '--name', 'ops'],
      'role “dev” may have',
      'team-roles',
    ],
    [`DELETE ${ROLES}{id}/`, ['remove', 'team-role', 'dev', '--yes'], 'role “dev” may be gone', 'team-roles'],
    ['DELETE /api/v0/team/members/{id}/', ['remove', 'member', '7', '--yes'], 'may be gone', 'members'],
    ['DELETE /api/v0/auth/sessions/', ['delete', 'session', '7', '--yes'], 'may have ended', 'sessions'],
  ])('%s', async ([route, args, what, list], { harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.addRole('dev', { api: { team_read: {} } });
    sandbox.fault(route, { kind: 'drop', acts: true });
    const ran = await vastai(args);
    expect([ran.status, ran.stdout]).toEqual([8, '']);
    expect(ran.stderr).toContain(what);
    expect(ran.stderr).toContain(`vastai show ${list}`);
  });
});
