import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const MEMBERS = '/api/v0/team/members/';
const OWNER = { id: 123456, username: 'you', email: 'you@example.com', fullname: null, roles: ['owner'] };
const DEV = { username: 'dev', email: 'dev@example.com', fullname: 'D. Ev', roles: ['dev', 'ops'] };

describe.concurrent('show members', () => {
  it('lists members and their roles, in both forms of the response', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const id = sandbox.addMember(DEV);
    for (const form of ['array', 'object'] as const) {
      sandbox.quirks.members = form;
      const lines = (await vastai(['show', 'members'])).stdout.trimEnd().split('\n');
      expect(lines).toEqual([
        expect.stringMatching(/^ID +NAME +EMAIL +ROLES$/u),
        expect.stringMatching(/^123456 +you +you@example\.com +owner$/u),
        expect.stringMatching(/^\d+ +D\. Ev +dev@example\.com +dev, ops$/u),
      ]);
      expect((await vastai(['show', 'members', '--json'])).json()).toEqual([OWNER, { id, ...DEV }]);
    }
    expect(new Set(asked())).toEqual(new Set([`GET ${MEMBERS}`]));
  });

  it('lists those of the team that the key acts for', async ({ harness }) => {
    const { vastai, sandbox, addKey } = harness;
    const { value } = await addKey({ name: 'team' });
    await fetch(`${sandbox.url}/api/v0/team/`, {
      method: 'POST',
      headers: { authorization: `Bearer ${value}` },
      body: JSON.stringify({ team_name: 'acme' }),
    });
    sandbox.addMember({ ...DEV, teamId: 900001 });
    const env = { VAST_API_KEY: value };
    expect((await vastai(['show', 'members', '--json'], { env })).json()).toHaveLength(2);
    const roles = (await vastai(['show', 'team-roles', '--json'], { env })).json();
    expect(roles.map(({ name }: { name: string }) => name)).toEqual(['owner', 'manager', 'member']);
    await harness.saveKey();
    expect((await vastai(['show', 'members', '--json'])).json()).toEqual([OWNER]);
  });
});

describe.concurrent('invite member', () => {
  it('sends address and role in the query, with an empty body', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const args = ['invite', 'member', '--email', 'a+b@example.com', '--role', 'member'];
    const ran = await vastai(args);
    expect(ran).toMatchObject({ status: 0, stdout: 'Invited a+b@example.com as "member"\n', stderr: '' });
    expect(asked()).toEqual(['POST /api/v0/team/invite/?email=a%2Bb%40example.com&role=member']);
    expect(sandbox.requests.at(-1)?.body).toEqual({});
    expect((await vastai([...args, '--json'])).json()).toEqual({ email: 'a+b@example.com', role: 'member' });
    expect((await vastai([...args, '--raw'])).json()).toMatchObject({ success: true });
  });

  it('names the roles to look up if the API rejects it', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['invite', 'member', '--email', 'a@b', '--role', 'nope&role=owner']);
    expect(ran.status).toBe(1);
    expect(ran.stderr).toContain('The team has no such role.');
    expect(ran.stderr).toContain('vastai show team-roles');
  });

  it.for([
    [['--email', 'nobody', '--role', 'dev']],
    [['--email', 'a b@c', '--role', 'dev']],
    [['--email', 'a@b\u0007', '--role', 'dev']],
    [['--email', '', '--role', 'dev']],
    [['--email', 'a@b', '--role', ' ']],
    [['--email', 'a@b']],
    [['--role', 'dev']],
  ])('ends with 2 for %j, before it asks', async ([args = []], { harness }) => {
    await harness.saveKey();
    expect(await harness.vastai(['invite', 'member', ...args])).toMatchObject({ status: 2, stdout: '' });
    expect(harness.asked()).toEqual([]);
  });
});

describe.concurrent('remove member', () => {
  it('removes one by ID', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const id = String(sandbox.addMember(DEV));
    const ran = await vastai(['remove', 'member', id, '--yes']);
    expect(ran).toMatchObject({ status: 0, stdout: `Removed member ${id}\n`, stderr: '' });
    const again = await vastai(['remove', 'member', id, '--yes', '--json']);
    expect([again.status, again.json().error]).toEqual([
      6,
      expect.objectContaining({ code: 'not_found', message: `The team has no member ${id}.` }),
    ]);
    expect(asked()).toEqual([`DELETE ${MEMBERS}${id}/`, `DELETE ${MEMBERS}${id}/`]);
    const owner = await vastai(['remove', 'member', '123456', '--yes']);
    expect([owner.status, owner.stdout]).toEqual([1, '']);
  });

  it.for(['0', '-1', 'dev', '5/roles', '../roles/1', '1e3', '٣', ''])(
    'takes no %j for an ID, with and without --yes',
    async (id, { harness }) => {
      await harness.saveKey();
      for (const yes of [[], ['--yes']]) {
        const ran = await harness.vastai(['remove', 'member', ...yes, '--', id]);
        expect(ran).toMatchObject({ status: 2, stdout: '' });
      }
      expect(harness.asked()).toEqual([]);
    },
  );

  it.runIf(canOpenTerminal())('names the person before it asks', async ({ harness }) => {
    const { onTerminal, sandbox, saveKey, asked } = harness;
    await saveKey();
    const id = String(sandbox.addMember(DEV));
    const terminal = onTerminal(['remove', 'member', id], { columns: 120 });
    await terminal.see(`Remove member ${id} "D. Ev" <dev@example.com> (dev, ops) from the team?`);
    terminal.type('n\r');
    expect((await terminal.ended).status).toBe(2);
    const missing = await onTerminal(['remove', 'member', '7']).ended;
    expect(missing.status).toBe(6);
    expect(missing.screen).toContain('The team has no member 7.');
    expect(asked()).toEqual([`GET ${MEMBERS}`, `GET ${MEMBERS}`]);
  });
});
