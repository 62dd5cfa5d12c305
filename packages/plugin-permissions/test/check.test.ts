import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const DOCUMENT = `{
  "api": {
    "instance_read": {},
    "instance_write": {
      "api.instance.destroy": { "constraints": { "id": { "eq": 5 } } }
    }
  }
}
`;
const check = (...args: string[]) => ['permissions', 'check', 'perms.json', ...args];

describe.concurrent('permissions check', () => {
  it.for<[verdict: string, line: number | null, args: string[]]>([
    ['allow', 5, ['--request', 'DELETE /api/v0/instances/5/']],
    ['allow', 5, ['--request', ' delete /api/v0/instances/5?x=6 ']],
    ['unknown', 5, ['--request', 'DELETE /api/v0/instances/5/?id=6']],
    ['unknown', null, ['--request', 'DELETE /api/v0/instances/5%2F..%2F6/']],
    ['allow', 5, ['--operation', 'instance.destroy', '--param', 'id=5']],
    ['allow', 5, ['--operation', 'api.instance.destroy', '--param', 'id=5']],
    ['allow', 3, ['--command', 'vastai show  instances']],
    ['deny', 5, ['--request', 'DELETE /api/v0/instances/6/']],
    ['deny', 2, ['--request', 'GET /api/v0/users/current/']],
    ['deny', 4, ['--command', 'destroy instances', '--param', 'id=5']],
    ['unknown', 5, ['--command', 'destroy instance']],
    ['unknown', null, ['--request', 'GET /api/v0/nowhere/']],
    ['unknown', null, ['--request', 'DELETE /api/v0/instances/../instances/5/']],
  ])('prints %s and line %s for %j', async ([verdict, line, args], { harness: { vastai, home, asked } }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai(check(...args, '--json'));
    expect(ran.json()).toMatchObject({ verdict, file: 'perms.json', line });
    expect(ran.status).toBe(verdict === 'allow' ? 0 : 10);
    expect(asked()).toEqual([]);
  });

  it('decides on the form of a command that was typed, and lists its other forms apart', async ({
    harness: { vastai, home },
  }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai(check('--command', 'vastai destroy instances', '--param', 'id=5', '--json'));
    const reason = 'The document grants instance_write only for other endpoints.';
    expect(ran).toMatchObject({ status: 10, stderr: '' });
    expect(ran.json()).toEqual({
      verdict: 'deny',
      reason,
      file: 'perms.json',
      line: 4,
      column: 5,
      requests: [
        {
          method: 'DELETE',
          path: '/api/v0/instances/',
          operation: 'instance.destroy_bulk',
          category: 'instance_write',
          verdict: 'deny',
          reason,
        },
      ],
      others: [
        {
          when: expect.any(String),
          instead: true,
          requests: [expect.objectContaining({ operation: 'instance.destroy', verdict: 'unknown' })],
        },
      ],
      notes: ['"destroy instances" does not use "id".'],
    });
  });

  it('prints every request of a command as JSON', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai(check('--command', 'vastai accept price-increase 5 --yes', '--json'));
    expect(ran).toMatchObject({ status: 10, stderr: '' });
    expect(ran.json()).toMatchObject({
      verdict: 'deny',
      requests: [
        { method: 'GET', path: '/api/v0/instances/pending-price-increases/', verdict: 'allow' },
        { method: 'PUT', path: '/api/v0/instances/accept-price-increase/', verdict: 'deny' },
      ],
    });
  });

  it('prints other forms of a command below its own decision', async ({ harness: { vastai, home } }) => {
    const eq = (id: number) => ({ constraints: { id: { eq: id } } });
    const endpoints = { 'api.instance.reboot': eq(1227), 'api.instance.destroy': eq(1227) };
    await home.write('perms.json', JSON.stringify({ api: { instance_write: endpoints } }));
    const rebooted = await vastai(check('--command', 'reboot instance', '--param', 'id=1227'));
    expect(rebooted).toMatchObject({ status: 0, stderr: '' });
    expect(rebooted.stdout).toMatch(
      /^allow: .+\nperms\.json:1:\d+: .+\n {2}allow {3}PUT \/api\/v0\/instances\/reboot\/1227\/ .+\nAlso with --schedule:\n {2}deny {4}POST /,
    );
    const other = await vastai(check('--command', 'vastai reboot instance 1228'));
    expect(other).toMatchObject({ status: 10, stdout: expect.stringMatching(/^deny: /) });
  });

  it('says that a document says nothing about another API', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const request = 'GET https://example.com/api/v1/instances/';
    const ran = await vastai(check('--request', request));
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/^https:\/\/example\.com is not the API of Vast\.ai: /);
  });

  it('prints the same as text, and reads standard input', async ({ harness: { vastai } }) => {
    const args = ['permissions', 'check', '-', '--request', 'DELETE /api/v0/instances/6/'];
    const ran = await vastai(args, { input: DOCUMENT });
    expect(ran.status).toBe(10);
    expect(ran.stdout).toBe(
      [
        'deny: The constraint on "id" does not allow "6".',
        '<stdin>:5:50: "api.instance.destroy": { "constraints": { "id": { "eq": 5 } } }',
        '  deny    DELETE /api/v0/instances/6/ (instance.destroy, instance_write)',
        '',
      ].join('\n'),
    );
  });

  it.for<[what: string, args: string[], hint?: string]>([
    ['nothing to decide about', []],
    ['a request and an audit log', ['--operation', 'instance.show', '--key', '42']],
    ['a parameter of an audit log', ['--key', '42', '--param', 'id=5']],
    ['two things', ['--operation', 'instance.show', '--request', 'GET /']],
    [
      'an operation that is misspelt',
      ['--operation', 'instance.destory'],
      'Did you mean "instance.destroy"?',
    ],
    ['an unknown command', ['--command', 'destroy planet']],
    ['a request without a method', ['--request', '/api/v0/instances/']],
    ['a request without a path', ['--request', 'GET instances/']],
    ['a parameter without a value', ['--operation', 'instance.show', '--param', 'id']],
    ['a parameter twice', ['--operation', 'instance.show', '--param', 'id=5', '--param', 'id=6']],
  ])('ends with 2 for %s', async ([_, args, hint], { harness: { vastai, home } }) => {
    await home.write('perms.json', DOCUMENT);
    const ran = await vastai(check(...args, '--json'));
    expect(ran.status).toBe(2);
    expect(ran.json()).toMatchObject({ error: { code: 'usage', ...(hint === undefined ? {} : { hint }) } });
  });
});
