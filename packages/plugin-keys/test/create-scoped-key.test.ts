import { presetNamed } from '@vastai-cli/permissions/authoring/presets';
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

  it('warns about surprising grants on standard error, also with --json', async ({ harness }) => {
    await harness.saveKey();
    const ran = await create(harness, '--preset', 'ci-deploy', '--json');
    expect(ran.json()).toMatchObject({ name: 'ci', permissions: presetNamed('ci-deploy')?.document });
    expect(ran.stderr).toContain('security VP205: "misc" can spend money');
    expect(ran.stderr).not.toContain('--allow:');
  });

  it.for<[what: string, args: string[]]>([
    ['an unknown category', allow('instances')],
    ['an endpoint that is misspelt', allow('instance_write:api.instance.destory')],
    ['an endpoint of another category', allow('misc:api.instance.destroy')],
    ['a parameter without a value', allow('instance_write:api.instance.destroy:id')],
    ['two values of one parameter', allow('instance_write:a:id=5', 'instance_write:a:id=6')],
    ['an unknown preset', ['--preset', 'root']],
    ['a file and a preset', ['--permission_file', 'perms.json', '--preset', 'host']],
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
