import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe } from 'vitest';

const LIST = 'GET /api/v0/auth/apikeys/';
const DESTROY = ['api', 'instances/5/', '-X', 'DELETE', '--dry-run'];
const run = ({ vastai }: Harness, args: readonly string[], key?: string) =>
  vastai(args, key === undefined ? {} : { env: { VAST_API_KEY: key } });

describe.concurrent('vastai api --list and --describe', () => {
  it('list routes with permission, risk and commands, without a key and without a request', async ({
    harness,
    expect,
  }) => {
    const { stdout, status } = await run(harness, ['api', '--list', 'instance.destroy']);
    expect(status).toBe(0);
    expect(stdout).toContain('DELETE  /api/v0/instances/{id}/');
    for (const part of ['instance_write', 'destroy instance', 'asks first', 'destroys an instance'])
      expect(stdout).toContain(part);
    const all = (await run(harness, ['api', '--list', '--json'])).json();
    expect(all.length).toBeGreaterThan(300);
    expect((await run(harness, ['api', '--list', 'no such thing'])).stdout).toContain('no such thing');
    expect(harness.asked()).toEqual([]);
  });

  it.for([
    [['DELETE /instances/5/']],
    [['delete /api/v0/instances/{id}/']],
    [['instances/5', '-X', 'DELETE']],
  ])('describe %j', async ([args = []], { harness, expect }) => {
    const ran = await run(harness, ['api', '--describe', '--json', ...args]);
    expect(ran.json()).toMatchObject({
      method: 'DELETE',
      route: {
        operation: 'instance.destroy',
        category: 'instance_write',
        asks: true,
        risks: [{ kind: 'destroys' }],
      },
      allowed_by: ['"instance_write": {', '  "api.instance.destroy": {}', '}'],
    });
    expect(harness.asked()).toEqual([]);
  });

  it.for([
    [['POST instances'], 'POST', /./u],
    [['delete api-key'], 'DELETE', /apikeys/u],
    [['ssh', '-X', 'PUT'], 'PUT', /ssh/u],
    [['-X', 'patch'], 'PATCH', /./u],
  ] as const)('list by words and method: %j', async ([args, method, route], { harness, expect }) => {
    const listed: { method: string; route: string }[] = (
      await run(harness, ['api', '--list', '--json', ...args])
    ).json();
    expect(method === 'PATCH' || listed.length > 0).toBe(true);
    for (const one of listed) expect(one).toMatchObject({ method, route: expect.stringMatching(route) });
  });

  it('say how to go on if nothing matches', async ({ harness, expect }) => {
    const { stdout } = await run(harness, ['api', '--list', 'zzz', '-X', 'PUT']);
    expect(stdout).toBe(
      'No PUT route has "zzz" in its path, operation, category or commands.\nTo see all routes: vastai api --list\n',
    );
  });

  it.for(['--list', '--describe'])(
    '%s refuses flags that it would ignore',
    async (flag, { harness, expect }) => {
      for (const more of [
        ['--jq', '.'],
        ['-f', 'a=b'],
        ['-d', '{}'],
        ['-i'],
        ['--dry-run'],
        ['-o', 'file'],
      ]) {
        const { status, stderr } = await run(harness, ['api', flag, 'ssh', ...more]);
        expect([status, stderr]).toEqual([2, expect.stringContaining('cannot be combined')]);
      }
    },
  );

  it.skipIf(!canOpenTerminal()).for([80, 50])(
    'keep method and route on one line of a terminal of %i columns',
    async (columns, { harness, expect }) => {
      const { onTerminal } = harness;
      const { screen } = await onTerminal(['api', '--list', 'api-key', '--no-color'], { columns }).ended;
      expect(screen).toMatch(/^METHOD {2}ROUTE {2,}PERMISSION/u);
      expect(screen).toMatch(/^DELETE {2}\/api\/v0\/auth\/apikeys\/\{id\}\/ {2,}user_write.*$/mu);
      expect(screen).toMatch(/^ {4}what it does asks first: deletes API keys/mu);
    },
  );

  it('say of an unknown route that it is unknown', async ({ harness, expect }) => {
    const { stdout, status } = await run(harness, ['api', '--describe', 'POST /unheard/of']);
    expect([status, stdout]).toEqual([0, expect.stringContaining('not in the catalogue')]);
  });
});

describe.concurrent('vastai api --dry-run', () => {
  it('shows the request with the key masked, and sends only the question for permissions', async ({
    harness,
    expect,
  }) => {
    const { sandbox, asked } = harness;
    const ran = await run(harness, [...DESTROY, '-f', 'a=1', '-H', 'X-Note: here'], sandbox.key);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    for (const part of [
      `DELETE ${sandbox.url}/api/v0/instances/5/\n`,
      'Authorization: ',
      'X-Note: here',
      '{"a":"1"}',
      'instance.destroy',
      'instance_write (api.instance.destroy)',
      'may make this request',
    ])
      expect(ran.stdout).toContain(part);
    expect(asked()).toEqual([LIST]);
  });

  it.for([
    [{ instance_write: {} }, 'allow'],
    [{ instance_read: {} }, 'deny'],
    [{ instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 6 } } } } }, 'deny'],
  ] as const)('decides for a key with %j', async ([api, verdict], { harness, expect }) => {
    const { addKey, asked } = harness;
    const { value } = await addKey({ name: 'narrow', permissions: { api: { user_read: {}, ...api } } });
    const ran = await run(harness, [...DESTROY, '--json'], value);
    expect(ran.json()).toMatchObject({
      body: '{}',
      route: { operation: 'instance.destroy' },
      key: { verdict, name: expect.stringMatching(/^VAST_API_KEY …\w{4}$/u) },
    });
    expect(asked()).toEqual([LIST, 'GET /api/v0/users/current/']);
  });

  it('needs one request for a saved key, whose ID is noted', async ({ harness, expect }) => {
    const { vastai, addKey, asked } = harness;
    const { value } = await addKey({
      name: 'narrow',
      permissions: { api: { user_read: {}, instance_write: {} } },
    });
    await vastai(['set', 'api-key', '-'], { input: value });
    const before = asked().length;
    expect((await run(harness, [...DESTROY, '--json'])).json().key.verdict).toBe('allow');
    expect(asked().slice(before)).toEqual([LIST]);
  });

  it('says that it is unknown if the key may not ask', async ({ harness, expect }) => {
    const { value } = await harness.addKey({ name: 'narrow', permissions: { api: { instance_write: {} } } });
    const { status, stdout } = await run(harness, DESTROY, value);
    expect([status, stdout]).toEqual([0, expect.stringContaining('is unknown')]);
  });

  it.for([
    ['http://127.0.0.1:9', 'refused the connection'],
    ['the API', 'Too many requests'],
  ] as const)('shows the request without an answer of %s', async ([url, reason], { harness, expect }) => {
    const { sandbox, vastai } = harness;
    sandbox.fault(LIST, { kind: 'answer', status: 429, body: 'API requests too frequent' });
    const env = { VAST_API_KEY: sandbox.key, ...(url === 'the API' ? {} : { VAST_URL: url }) };
    const ran = await vastai([...DESTROY, '--retry', '0'], { env });
    expect(ran).toMatchObject({ status: 0, stdout: expect.stringContaining('DELETE http') });
    expect(ran.stdout).toMatch(new RegExp(`^Whether the key .* is unknown\\. .*${reason}.*\n$`, 'mu'));
  });

  it('fails with a key that the API rejects', async ({ harness, expect }) => {
    const ran = await run(harness, DESTROY, await harness.unknownKey());
    expect(ran).toMatchObject({ status: 4, stdout: '' });
  });
});
