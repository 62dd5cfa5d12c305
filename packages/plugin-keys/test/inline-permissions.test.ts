import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const CREATE = ['create', 'api-key', '--name', 'ci'];
const printsKey = true;

/** Documents as people write them, and whether a key is made from them: `unknown` only with --allow-unknown. */
const DOCUMENTS: [name: string, document: unknown, verdict: 'made' | 'unknown' | 'error'][] = [
  ['constraints beside categories', { api: { instance_read: {}, constraints: {} } }, 'made'],
  ['an empty "api"', { api: {} }, 'unknown'],
  ['switches', { manage_instances: true, manage_billing: false }, 'error'],
  ['a host status key', { api: { machine_read: {}, billing_read: {}, user_read: {} } }, 'made'],
  [
    'one instance',
    {
      api: {
        instance_read: { 'api.instance.show': { constraints: { id: { eq: 1227 } } } },
        instance_write: {
          'api.instance.destroy': { constraints: { id: { eq: 1227 } } },
          'api.instance.reboot': { constraints: { id: { eq: 1227 } } },
        },
      },
    },
    'made',
  ],
  ['read and write', { read: true, write: false }, 'error'],
  ['a key for reading', { api: { instance_read: {}, user_read: {} } }, 'made'],
  [
    'invented categories',
    { api: { instance_read: {}, instance_write: {}, ssh_key_read: {}, template_read: {} } },
    'error',
  ],
  ['a star', { api: { instance_write: { '*': {} }, misc: {} } }, 'unknown'],
  ['words', { instances: 'full', ssh_keys: 'read', templates: 'read' }, 'error'],
];

describe.concurrent('create api-key --permissions', () => {
  it.for(DOCUMENTS)('%s', async ([, document, verdict], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    const text = JSON.stringify(document);
    const ran = await vastai([...CREATE, '--permissions', text, '--json'], { printsKey });
    if (verdict === 'made') {
      expect(ran.status).toBe(0);
      expect(ran.json().permissions).toEqual(document);
    } else {
      expect(ran.status).toBe(10);
      expect(ran.json().error.code).toBe('findings');
      expect(ran.json().diagnostics).not.toEqual([]);
      expect(JSON.stringify(ran.json())).not.toContain('permissions fix --permissions');
      expect(asked()).toEqual([]);
    }
    const forced = [...CREATE, '--permissions', text, '--allow-unknown'];
    const again = await vastai(forced, { printsKey });
    expect(again.status).toBe(verdict === 'error' ? 10 : 0);
    if (verdict === 'unknown') {
      expect(again.stderr).toMatch(/is unknown: /);
      expect(sandbox.requests.at(-1)?.body).toEqual({ name: 'ci', permissions: document });
    }
  });

  it.for([
    ['{"api":{}}', 'What an "api" without categories grants is not documented.'],
    ['{"api":{"instance_write":{"*":{}}}}', '"*" looks like a pattern, which Vast.ai does not document.'],
  ] as const)('says why it refuses %s, from a file too', async ([text, reason], { harness }) => {
    const { vastai, home, saveKey, asked } = harness;
    await saveKey();
    await home.write('perms.json', text);
    for (const args of [
      ['--permissions', text],
      ['--permission_file', 'perms.json'],
    ]) {
      const ran = await vastai([...CREATE, ...args]);
      expect(ran).toMatchObject({ status: 10, stdout: '' });
      expect(ran.stderr).toContain(reason);
      expect(ran.stderr).toContain('--allow-unknown');
    }
    expect(asked()).toEqual([]);
  });

  it.for([
    ['{api:{misc:{}}}', "--permissions '{"],
    ['{"api":', "--permissions '{"],
    ['', "--permissions '{"],
    ['perms.json', '--permission_file FILE'],
  ] as const)('says what to type instead of %s', async ([text, advice], { harness }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai([...CREATE, '--permissions', text]);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('--permissions must be a JSON document.');
    expect(ran.stderr).toContain(advice);
    expect(asked()).toEqual([]);
  });
});
