import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const DOCUMENT = { api: { billing_read: {}, instance_write: { 'api.instance.reboot': {} } } };
const explain = (...args: string[]) => ['permissions', 'explain', ...args];

describe.concurrent('permissions explain', () => {
  it('explains a file without a key or a request', async ({ harness }) => {
    const { vastai, home, asked } = harness;
    await home.write('perms.json', JSON.stringify(DOCUMENT));
    const ran = await vastai(explain('perms.json'));
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    expect(ran.stdout).toMatch(/^Risks\n/);
    expect(ran.stdout).toContain('\n\nNothing in: misc, ');
    expect(ran.stdout).toContain('\nbilling_read: everything\n');
    expect(ran.stdout).toMatch(/instance_write\n {2}can\n {4}instance\.reboot: .+\n {2}cannot\n/);
    expect(asked()).toEqual([]);
  });

  it('prints every operation and the risks as JSON', async ({ harness: { vastai } }) => {
    const ran = await vastai(explain('-', '--json'), { input: JSON.stringify(DOCUMENT) });
    expect(ran.status).toBe(0);
    const { source, fullAccess, categories, risks } = ran.json();
    expect({ source, fullAccess }).toEqual({ source: '<stdin>', fullAccess: false });
    expect(categories).toHaveLength(14);
    expect(categories[4]).toMatchObject({
      category: 'instance_write',
      can: [{ operation: 'instance.reboot', method: 'PUT', verdict: 'allow' }],
    });
    expect(risks).toContainEqual(expect.objectContaining({ kind: 'write', can: ['instance.reboot'] }));
  });

  it('explains a key of the account', async ({ harness: { vastai, addKey, saveKey, asked } }) => {
    await saveKey();
    const { id } = await addKey({ name: 'scoped', permissions: DOCUMENT });
    const ran = await vastai(explain('--key', String(id), '--json'));
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({ source: `key:${id}`, fullAccess: false });
    expect(asked()).toEqual([`GET /api/v0/auth/apikeys/${id}/`]);
  });

  it('says that a key without a document has full access', async ({
    harness: { vastai, addKey, saveKey },
  }) => {
    await saveKey();
    const { id } = await addKey({ name: 'full' });
    const ran = await vastai(explain('--key', String(id)));
    expect(ran.stdout).toMatch(/^Full access: the key can do everything\.\n/);
  });

  it('fails if the API does not return the permissions', async ({
    harness: { vastai, sandbox, saveKey },
  }) => {
    await saveKey();
    const body = { id: 42, name: 'old', permissions: null };
    sandbox.fault('GET /api/v0/auth/apikeys/42/', { kind: 'answer', status: 200, body });
    const ran = await vastai(explain('--key', '42', '--json'));
    expect(ran.status).toBe(1);
    expect(ran.json().error).toMatchObject({
      code: 'api_error',
      message: 'The API did not return the permissions of API key 42.',
      hint: expect.stringContaining('full access'),
    });
  });

  it.for<[status: number, args: string[]]>([
    [2, []],
    [2, ['perms.json', '--key', '42']],
    [2, ['--key', '../users']],
    [2, ['preset:nope']],
    [3, ['--key', '42']],
  ])('ends with %i for %j, without a request', async ([status, args], { harness: { vastai, asked } }) => {
    expect((await vastai(explain(...args))).status).toBe(status);
    expect(asked()).toEqual([]);
  });
});
