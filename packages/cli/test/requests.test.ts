import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const PERMISSIONS = { api: { instance_read: {}, instance_write: { 'api.instance.reboot': {} } } };
const withFile = ({ home }: Harness) => home.write('perms.json', JSON.stringify(PERMISSIONS));
const nothing = async () => {};

/** Each command line, with the one request that Vast.ai's API documentation gives for it. */
const REQUESTS: readonly (readonly [
  line: string,
  args: readonly string[],
  body: unknown,
  prepare: (harness: Harness) => Promise<unknown>,
])[] = [
  ['GET /api/v0/users/current/', ['show', 'user'], undefined, nothing],
  ['GET /api/v0/users/current/', ['auth', 'status'], undefined, nothing],
  ['GET /api/v0/auth/apikeys/', ['show', 'api-keys'], undefined, nothing],
  ['GET /api/v0/auth/apikeys/42/', ['show', 'api-key', '42'], undefined, nothing],
  ['POST /api/v0/auth/apikeys/', ['create', 'api-key', '--name', 'ci'], { name: 'ci' }, nothing],
  [
    'POST /api/v0/auth/apikeys/',
    ['create', 'api-key', '--name', 'ci', '--permission_file', 'perms.json'],
    { name: 'ci', permissions: PERMISSIONS },
    withFile,
  ],
  [
    'POST /api/v0/auth/apikeys/',
    ['create', 'api-key', '--name', 'ci', '--permission-file', 'perms.json', '--key-params', '{"a":[1]}'],
    { name: 'ci', permissions: PERMISSIONS, key_params: { a: [1] } },
    withFile,
  ],
  [
    'POST /api/v0/auth/apikeys/',
    ['create', 'api-key', '--key_params', '{}', '--name', ' “ci” \\ 🚀 '],
    { name: '“ci” \\ 🚀', key_params: {} },
    nothing,
  ],
  ['DELETE /api/v0/auth/apikeys/42/', ['delete', 'api-key', '42', '--yes'], {}, nothing],
  ['PUT /api/v0/commands/reset_apikey/', ['reset', 'api-key', '--yes'], { client_id: 'me' }, nothing],
];

describe.concurrent('the one request of', () => {
  it.for(REQUESTS)('%s: %j', async ([line, args, body, prepare], { harness }) => {
    const { vastai, sandbox, saveKey, addKey, asked } = harness;
    await addKey({ name: 'old' });
    await saveKey();
    await prepare(harness);
    expect((await vastai(args, { printsKey: args[0] === 'create' })).status).toBe(0);
    expect(asked()).toEqual([line]);
    const request = sandbox.requests[0];
    expect(request?.authorization).toEqual({ scheme: 'Bearer', keyId: 40 });
    expect(request?.body).toEqual(body);
    expect(request?.headers.accept).toBe('application/json');
    expect(request?.headers['user-agent']).toMatch(/^vastai-cli\/\d/);
    expect(request?.headers['content-type']).toBe(body === undefined ? undefined : 'application/json');
    const known = ['accept', 'accept-encoding', 'authorization', 'connection', 'content-length'];
    const others = Object.keys(request?.headers ?? {}).filter((name) => !known.includes(name));
    expect(others.sort()).toEqual(
      ['host', 'user-agent', ...(body === undefined ? [] : ['content-type'])].sort(),
    );
  });

  it('delete api-key, for each id, in the order given and once', async ({ harness }) => {
    const { vastai, saveKey, addKey, asked } = harness;
    await Promise.all(['a', 'b'].map((name) => addKey({ name })));
    await saveKey();
    await vastai(['delete', 'api-key', '43', '42', '43', '--yes']);
    expect(asked()).toEqual(['DELETE /api/v0/auth/apikeys/43/', 'DELETE /api/v0/auth/apikeys/42/']);
  });

  it('nobody, where the API is not needed', async ({ harness: { vastai, saveKey, asked } }) => {
    await saveKey();
    for (const args of [['--help'], ['--version'], ['show', 'user', '--help'], ['config', 'migrate']])
      expect((await vastai(args)).status).toBe(0);
    await vastai(['auth', 'token'], { printsKey: true });
    await vastai(['unset', 'api-key', '--yes']);
    expect(asked()).toEqual([]);
  });
});
