import { OPERATIONS } from '@vastai-cli/permissions/catalogue/catalogue';
import { decide } from '@vastai-cli/permissions/decision/decide';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ask } from '../test-support/ask.js';
import { type Sandbox, startSandbox } from './server.js';

let sandbox: Sandbox;
beforeAll(async () => {
  sandbox = await startSandbox({ quirks: { lackingPermission: 401 } });
});
afterAll(() => sandbox.close());

const onlyInstance5 = {
  api: {
    instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } },
    instance_read: { 'api.instance.request_logs': { constraints: { tail: { gte: 1, lte: 100 } } } },
  },
};

describe('a scoped key', () => {
  it.each([
    ['user_read', { api: { user_read: {} } }],
    ['constraints', onlyInstance5],
    ['an endpoint name that is not published', { api: { instance_read: { 'api.instance.other': {} } } }],
    ['an object that is not a document', { read: true }],
  ])('may do what its document grants and nothing else: %s', async (_name, permissions) => {
    const { value } = sandbox.addKey({ name: null, permissions });
    for (const { method, route } of OPERATIONS) {
      const path = route.replaceAll(/\{[^{}]+\}/gu, '5');
      const { verdict } = decide(permissions, { method, path });
      const { status, json } = await ask(sandbox, method, path, { key: value });
      const denied = status === 401 && json.msg.includes('privileges');
      expect([method, path, denied]).toEqual([method, path, verdict !== 'allow']);
    }
  });

  it('must meet constraints on the path, the query and the body', async () => {
    const { value: key } = sandbox.addKey({ name: null, permissions: onlyInstance5 });
    const logs = '/api/v0/instances/request_logs/9/';
    for (const [method, path, body, status] of [
      ['DELETE', '/api/v0/instances/5/', undefined, 200],
      ['DELETE', '/api/v0/instances/6/', undefined, 401],
      ['DELETE', '/api/v0/instances/6/?id=5', { id: 5 }, 401],
      ['DELETE', '/api/v0/instances/', { id: 5 }, 401],
      ['PUT', logs, { tail: 100 }, 200],
      ['PUT', `${logs}?tail=100`, undefined, 200],
      ['PUT', logs, { tail: 101 }, 401],
      ['PUT', `${logs}?tail=5`, { tail: 101 }, 401],
      ['PUT', `${logs}?tail=5&tail=500`, undefined, 401],
      ['PUT', logs, { tail: [5] }, 401],
      ['PUT', logs, undefined, 401],
    ] as const) {
      const reply = await ask(sandbox, method, path, { key, ...(body === undefined ? {} : { body }) });
      expect([method, path, body, reply.status]).toEqual([method, path, body, status]);
    }
  });

  it.each([401, 403] as const)(
    'is denied with %i and a message about authorization',
    async (lackingPermission) => {
      const { value: key } = sandbox.addKey({ name: null, permissions: { api: {} } });
      sandbox.quirks.lackingPermission = lackingPermission;
      const { status, json } = await ask(sandbox, 'GET', '/api/v0/users/current/', { key });
      sandbox.quirks.lackingPermission = 401;
      expect(status).toBe(lackingPermission);
      expect(json).toMatchObject({
        success: false,
        error: 'auth_error',
        msg: expect.stringMatching(/authorization/u),
      });
    },
  );
});

describe('a key with full access', () => {
  it('may do every operation that needs nothing to exist first', async () => {
    const others = OPERATIONS.filter(
      ({ operation }) => !/^(apikey|team|team_role|tfa)\.|^user\.ipaddrs$/u.test(operation),
    );
    for (const { method, route } of others) {
      const path = route.replaceAll(/\{[^{}]+\}/gu, '5');
      const { status } = await ask(sandbox, method, path);
      expect([method, path, status]).toEqual([method, path, 200]);
    }
  });
});
