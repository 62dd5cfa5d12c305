import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const create = ({ vastai }: Harness, ...args: string[]) =>
  vastai(['create', 'api-key', '--name', 'ci', ...args], { printsKey: true });

const allow = (...grants: string[]) => grants.flatMap((grant) => ['--allow', grant]);

describe.concurrent('create api-key without a file', () => {
  it.for<[args: string[], api: unknown]>([
    [['--preset', 'billing-viewer'], { billing_read: {} }],
    [
      allow('billing_read', 'team_read:api.team.members'),
      { billing_read: {}, team_read: { 'api.team.members': {} } },
    ],
    [
      allow('instance_write:api.instance.destroy:id=5', 'instance_write:api.instance.reboot'),
      {
        instance_write: {
          'api.instance.destroy': { constraints: { id: { eq: 5 } } },
          'api.instance.reboot': {},
        },
      },
    ],
    [
      ['--preset', 'monitoring', ...allow('team_read:api.team.members', 'instance_read:api.instance.show')],
      { instance_read: {}, team_read: { 'api.team.members': {} } },
    ],
  ])('requests what %j grants', async ([args, api], { harness }) => {
    await harness.saveKey();
    const ran = await create(harness, ...args);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(ran.stderr).not.toContain('full access');
    expect(harness.sandbox.requests.map(({ body }) => body)).toEqual([{ name: 'ci', permissions: { api } }]);
  });

  it.for<[args: string[], line: string]>([
    [allow('user_read'), 'This key is not read-only: it can '],
    [allow('user_write'), 'At worst, it has full access: '],
    [['--preset', 'monitoring', ...allow('misc')], 'At worst, it can spend money'],
    [['--permissions', '{"api":{"user_write":{}}}'], 'At worst, it has full access: '],
    [allow('misc:api.x'), 'What it can do with offers and serverless endpoints is unknown: '],
  ])('says in one line what %j can also do, also with --json', async ([args, line], { harness }) => {
    await harness.saveKey();
    const ran = await create(harness, ...args, '--json');
    expect(ran.status).toBe(0);
    const [first = '', ...others] = ran.stderr.split('\n');
    expect(first).toContain(line);
    expect(others.filter((one) => !one.startsWith('Created API key') && one !== '')).toEqual([]);
  });

  it.for<[args: string[]]>([
    [['--preset', 'ci-deploy']],
    [['--preset', 'automation', ...allow('billing_read')]],
    [allow('instance_write:api.instance.destroy:id=5')],
    [['--permissions', '{"api":{"billing_read":{}}}']],
  ])('says nothing about what %j can do', async ([args], { harness }) => {
    await harness.saveKey();
    const ran = await create(harness, ...args);
    expect(ran.stderr).toMatch(/^Created API key 42 [^\n]+\n$/);
  });

  it.for<[what: string, args: string[]]>([
    ['an unknown category', allow('instances')],
    ['an endpoint that is misspelt', allow('instance_write:api.instance.destory')],
    ['an endpoint of another category', allow('misc:api.instance.destroy')],
    ['a parameter without a value', allow('instance_write:api.instance.destroy:id')],
    ['two values of one parameter', allow('instance_write:a:id=5', 'instance_write:a:id=6')],
    ['an unknown preset', ['--preset', 'root']],
    ['a file and a preset', ['--permission_file', 'perms.json', '--preset', 'host']],
    ['a document and a preset', ['--permissions', '{"api":{"misc":{}}}', '--preset', 'host']],
    ['a document and a file', ['--permissions', '{"api":{"misc":{}}}', '--permission-file', 'perms.json']],
    ['a file and a grant', ['--permission_file', 'perms.json', '--allow', 'misc']],
  ])('exits with 2 for %s and sends nothing', async ([_, args], { harness }) => {
    await harness.saveKey();
    await harness.home.write('perms.json', '{"api":{"misc":{}}}');
    const ran = await create(harness, ...args, '--json');
    expect(ran.status).toBe(2);
    expect(ran.json().error.code).toBe('usage');
    expect(harness.asked()).toEqual([]);
  });
});
