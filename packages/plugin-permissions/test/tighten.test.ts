import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const PERMISSIONS = { api: { misc: {}, user_write: {}, instance_read: {}, instance_write: {} } };

/** Makes a key, which then restarts instance 42 and reads. Returns its id. */
async function usedKey({ addKey, sandbox }: Harness): Promise<string> {
  const { id, value } = await addKey({ name: 'ci', permissions: PERMISSIONS });
  for (const [method, path] of [
    ['PUT', '/api/v0/instances/reboot/42/'],
    ['GET', '/api/v1/instances/'],
  ] as const)
    await fetch(`${sandbox.url}${path}`, { method, headers: { authorization: `Bearer ${value}` } });
  return String(id);
}

describe.concurrent('permissions tighten', () => {
  it('shows what a key has and what it used, and never calls reading unused', async ({ harness }) => {
    await harness.saveKey();
    const id = await usedKey(harness);
    const ran = await harness.vastai(['permissions', 'tighten', id]);
    expect(ran.status).toBe(0);
    expect(ran.stdout.replace(/ +$/gmu, '')).toBe(
      [
        'PERMISSION      IN THE LOG      CALLS  USED FOR',
        'misc            not seen        -      -',
        'user_write      not seen        -      -',
        'instance_read   not observable  -      -',
        'instance_write  used            1      instance.reboot',
        'instance_write could be narrowed: the calls need only api.instance.reboot where id is 42.',
        'misc also allows operations that the log never records: audit_log.filters, audit_log.list, audit_log.list_v1 and 20 more.',
        'user_write also allows operations that the log never records: connection.dropbox_start.',
        'instance_write also allows operations that the log never records: copy.size.',
        '',
      ].join('\n'),
    );
    expect(ran.stderr).toContain('The audit log records only what Vast.ai considers important');
    expect(ran.stdout).not.toContain('unused');
    expect(harness.asked().slice(2)).toEqual([`GET /api/v0/auth/apikeys/${id}/`, 'GET /api/v0/audit_logs/']);
  });

  it('prints the same as JSON', async ({ harness }) => {
    await harness.saveKey();
    const id = await usedKey(harness);
    const ran = await harness.vastai(['permissions', 'tighten', id, '--json']);
    expect(ran).toMatchObject({ status: 0, stderr: '' });
    const { grants, ...report } = ran.json();
    expect(report).toEqual({ id: Number(id), fullAccess: false, outside: [], notes: [expect.any(String)] });
    expect(grants).toContainEqual({
      grant: 'instance_write',
      state: 'used',
      calls: 1,
      used: ['instance.reboot'],
      notObservable: ['copy.size'],
      narrower: { 'api.instance.reboot': { constraints: { id: { eq: 42 } } } },
    });
    expect(grants).toContainEqual(
      expect.objectContaining({ grant: 'instance_read', state: 'not_observable' }),
    );
  });

  it('says which operations a call without a method may have been', async ({ harness }) => {
    const { vastai, saveKey, addKey, sandbox } = harness;
    await saveKey();
    const { id, value } = await addKey({ name: 'ci', permissions: PERMISSIONS });
    const headers = { authorization: `Bearer ${value}` };
    await fetch(`${sandbox.url}/api/v0/instances/42/`, { method: 'DELETE', headers });
    const ran = await vastai(['permissions', 'tighten', String(id)]);
    expect(ran.stdout).toMatch(/instance_write +used +1 +instance\.destroy, instance\.manage/u);
    expect(ran.stdout).not.toContain('could be narrowed');
    expect(ran.stderr).toContain('The log does not record the method');
  });

  it('says so for a key with full access, and for one that the log does not show', async ({ harness }) => {
    const { vastai, saveKey, addKey } = harness;
    await saveKey();
    const full = await vastai(['permissions', 'tighten', '40']);
    expect(full).toMatchObject({
      status: 0,
      stdout: expect.stringMatching(/^Key 40 has full access\.\nPERMISSION/),
    });
    const { id } = await addKey({ name: 'idle', permissions: { api: { instance_read: {} } } });
    const idle = await vastai(['permissions', 'tighten', String(id)]);
    expect(idle.stdout).toContain('instance_read  not observable');
    expect(idle.stderr).toContain(`The log has no calls by key ${id}. The key may only read.\n`);
  });

  it.for<[status: number, args: string[]]>([
    [2, []],
    [2, ['ci']],
    [2, ['0']],
    [6, ['99']],
  ])('ends with %i for %j', async ([status, args], { harness }) => {
    await harness.saveKey();
    const ran = await harness.vastai(['permissions', 'tighten', ...args]);
    expect(ran).toMatchObject({ status, stdout: '' });
  });
});
