import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const one = { constraints: { id: { eq: 1227 } } };

/** Documents as people write them, and what `explain --short` has to say of each. */
const DOCUMENTS: [name: string, status: number, document: unknown, says: RegExp, parts: string[]][] = [
  [
    'constraints beside categories',
    0,
    { api: { instance_read: {}, constraints: {} } },
    /may have access to instances.*is unknown/su,
    ['$.api.constraints'],
  ],
  ['an empty "api"', 0, { api: {} }, /^What this key can do is unknown/u, ['$.api']],
  ['switches', 10, { manage_instances: true, manage_billing: false }, /is unknown/u, ['$']],
  [
    'a host status key',
    0,
    { api: { machine_read: {}, billing_read: {}, user_read: {} } },
    /hosted machines.*not read-only.*read secrets/su,
    [],
  ],
  [
    'one instance',
    0,
    {
      api: {
        instance_read: { 'api.instance.show': one },
        instance_write: { 'api.instance.destroy': one, 'api.instance.reboot': one },
      },
    },
    /It can do this only for instance 1227\.\n$/u,
    [],
  ],
  ['read and write', 10, { read: true, write: false }, /is unknown/u, ['$']],
  [
    'a key for reading',
    0,
    { api: { instance_read: {}, user_read: {} } },
    /This key is not read-only: .*read secrets and delete the account/u,
    [],
  ],
  [
    'invented categories',
    10,
    { api: { instance_read: {}, instance_write: {}, ssh_key_read: {}, template_read: {} } },
    /does not document the effect of "ssh_key_read"/u,
    ['$.api.ssh_key_read', '$.api.template_read'],
  ],
  [
    'a star',
    0,
    { api: { instance_write: { '*': {} }, misc: {} } },
    /with instances is unknown: a name in the document may be a pattern/u,
    ["$.api.instance_write['*']"],
  ],
  ['words', 10, { instances: 'full', ssh_keys: 'read', templates: 'read' }, /is unknown/u, ['$']],
];

const explain = (...args: string[]) => ['permissions', 'explain', ...args];

describe.concurrent('permissions explain of a file that is odd', () => {
  it.for(DOCUMENTS)('%s', async ([, status, document, says, parts], { harness: { vastai, home } }) => {
    await home.write('perms.json', JSON.stringify(document));
    const short = await vastai(explain('perms.json', '--short'));
    expect(short.status).toBe(status);
    expect(short.stdout).toMatch(says);
    expect(short.stdout.split('\n').length).toBeLessThanOrEqual(4);
    expect(short.stderr === '').toBe(status === 0);
    const ran = await vastai(explain('perms.json', '--json'));
    expect(ran).toMatchObject({ status, stderr: '' });
    const report = ran.json();
    expect(`${report.short.join('\n')}\n`).toBe(short.stdout);
    expect(report.diagnostics.length > 0).toBe(status === 10);
    expect(report.notUnderstood.map(({ path }: { path: string }) => path)).toEqual(parts);
  });

  it('names the errors and what is not understood, with lines, before the rest', async ({
    harness: { vastai, home },
  }) => {
    await home.write(
      'perms.json',
      '{\n "permissions": {"api": {\n  "billing_read": {},\n  "keys_write": {},\n }}}',
    );
    const ran = await vastai(explain('perms.json'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toMatch(
      /^Errors\n(?: {2}\d+:\d+ VP\d+ .+\n)+\nNot understood\n {2}4:3 "keys_write" .+\n\nRisks\n/u,
    );
    expect(ran.stdout).toContain('\nbilling_read: everything\n');
  });

  it('shows only the beginning of long lists, and says so', async ({ harness: { vastai, home } }) => {
    const api = Object.fromEntries(Array.from({ length: 30 }, (_, index) => [`x${index}y`, {}]));
    await home.write('perms.json', JSON.stringify({ api }));
    const ran = await vastai(explain('perms.json'));
    expect(ran.stdout.match(/^ {2}and 10 more \(see --json\)$/gmu)).toHaveLength(2);
  });

  it('explains a key of the account whose document is odd', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    const body = { id: 42, name: 'old', permissions: { api: { ssh: {} }, note: 1 } };
    sandbox.fault('GET /api/v0/auth/apikeys/42/', { kind: 'answer', status: 200, body });
    const ran = await vastai(explain('--key', '42'));
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^Not understood\n {2}\$\.api\.ssh .+\n {2}\$\.note .+\n/u);
  });

  it.for(['', '{"api":', '[]', '"{}"'])('refuses %j, which is not a document', async (text, { harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', text);
    const ran = await vastai(explain('perms.json', '--json'));
    expect(ran.status).toBe(10);
    expect(ran.json().error.code).toBe('findings');
    expect(ran.json().diagnostics).not.toEqual([]);
  });
});
