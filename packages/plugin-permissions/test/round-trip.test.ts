import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import type { Operation } from '@vastai-cli/permissions/catalogue/operation';
import { decide } from '@vastai-cli/permissions/decision/decide';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

/** Documents of every kind that `check` tells apart. */
const DOCUMENTS: readonly (readonly [what: string, permissions: object])[] = [
  ['everything but keys', { api: { misc: {}, instance_read: {}, instance_write: {}, billing_read: {} } }],
  ['hosting', { api: { billing_read: {}, machine_read: {}, machine_write: {} } }],
  ['nothing', { api: {} }],
  ['keys and the account', { api: { user_read: {}, user_write: {} } }],
  ['the team, of its members', { api: { team_read: { 'api.team.members': {} }, team_write: {} } }],
  [
    'one instance',
    { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } },
  ],
  [
    'a range',
    { api: { instance_read: { 'api.instance.show': { constraints: { id: { gte: 6, lte: 9 } } } } } },
  ],
  ['a name that is not published', { api: { instance_write: { 'api.instance.prepare': {} } } }],
  ['constraints above endpoints', { api: { instance_write: { constraints: { id: { eq: 5 } } } } }],
];

const pathOf = ({ route }: Operation) => route.replaceAll(/\{[^{}]+\}/gu, '5');

/** Returns true if the sandbox refuses a request of the key. */
async function isRefused({ sandbox }: Harness, key: string, method: string, path: string): Promise<boolean> {
  const answer = await fetch(`${sandbox.url}${path}`, {
    method,
    headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
    ...(method === 'GET' ? {} : { body: '{}' }),
  });
  return (await answer.text()).includes('privileges');
}

describe.concurrent('check agrees with the API', () => {
  it.for(DOCUMENTS)('for every operation, with %s', async ([_, permissions], { harness }) => {
    for (const operation of OPERATIONS) {
      const { method } = operation;
      const path = pathOf(operation);
      // A key of its own for each: some operations end the key that they are called with.
      const { value } = harness.sandbox.addKey({ name: null, permissions });
      const refused = await isRefused(harness, value, method, path);
      expect([method, path, refused]).toEqual([
        method,
        path,
        decide(permissions, { method, path }).verdict !== 'allow',
      ]);
    }
  });

  it('for a key created from the file with the commands', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    await home.write(
      'perms.json',
      '{"$schema":"./s.json","api":{"billing_read":{},"instance_write":{"api.instance.destroy":{"constraints":{"id":{"eq":5}}}}}}',
    );
    const made = await vastai(['create', 'api-key', '--name', 'ci', '--permission_file', 'perms.json'], {
      printsKey: true,
    });
    expect(made.status).toBe(0);
    const asked = [
      ['DELETE', '/api/v0/instances/5/', 0],
      ['DELETE', '/api/v0/instances/6/', 10],
      ['GET', '/api/v0/charges/', 0],
      ['GET', '/api/v0/users/current/', 10],
      ['PUT', '/api/v0/launch_instance/', 10],
    ] as const;
    await Promise.all(
      asked.map(async ([method, path, status]) => {
        const checked = await vastai([
          'permissions',
          'check',
          'perms.json',
          '--request',
          `${method} ${path}`,
        ]);
        const refused = await isRefused(harness, made.stdout.trim(), method, path);
        expect([path, checked.status, refused]).toEqual([path, status, status !== 0]);
      }),
    );
  });
});
