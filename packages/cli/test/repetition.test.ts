import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

const USER = 'GET /api/v0/users/current/';
const CREATE = 'POST /api/v0/auth/apikeys/';
const RESET = 'PUT /api/v0/commands/reset_apikey/';
const DELETE = 'DELETE /api/v0/auth/apikeys/42/';

const LOST = [
  ['the connection is closed before it acts', { kind: 'drop', acts: false }],
  ['the connection is closed after it acted', { kind: 'drop', acts: true }],
  ['a gateway answers 502', { kind: 'answer', status: 502, acts: true }],
  ['a gateway answers 503', { kind: 'answer', status: 503 }],
  ['a gateway answers 504', { kind: 'answer', status: 504, acts: true }],
  ['the answer breaks off', { kind: 'truncate' }],
  ['the answer is a page of HTML', { kind: 'junk', acts: true }],
  ['the answer is far too long', { kind: 'oversize' }],
  ['the answer does not come in time', { kind: 'stall' }],
] as const;

describe.concurrent('a request that may have acted is never repeated', () => {
  it.for(LOST)('create api-key, when %s', async ([, fault], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(CREATE, fault);
    const limit = fault.kind === 'stall' ? ['--timeout', '3'] : [];
    const ran = await vastai(['create', 'api-key', '--name', 'ci-deploy', ...limit]);
    expect(ran.status).toBe(8);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain('ci-deploy');
    expect(ran.stderr).toContain('vastai show api-keys');
    expect(ran.stderr).toContain('vastai delete api-key');
    expect(asked()).toEqual([CREATE]);
    expect(sandbox.keys().filter(({ name }) => name === 'ci-deploy').length).toBeLessThan(2);
  });

  it('tells a script of the key that may exist, too', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    sandbox.fault(CREATE, { kind: 'drop', acts: true });
    const ran = await vastai(['create', 'api-key', '--name', 'ci-deploy', '--json']);
    expect(ran.json().error).toMatchObject({ code: 'unreachable' });
    expect(ran.json().error.hint).toMatch(/ci-deploy.*vastai show api-keys.*vastai delete api-key/s);
  });

  it.for(LOST.slice(0, 3))('reset api-key, when %s', async ([, fault], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(RESET, fault);
    const ran = await vastai(['reset', 'api-key', '--yes']);
    expect(ran.status).toBe(8);
    expect(ran.stderr).toContain('old key may no longer work');
    expect(asked()).toEqual([RESET]);
  });

  it.for(LOST.slice(0, 3))('delete api-key, when %s', async ([, fault], { harness }) => {
    const { vastai, sandbox, saveKey, addKey, asked } = harness;
    await addKey({ name: 'old' });
    await saveKey();
    sandbox.fault(DELETE, fault);
    const ran = await vastai(['delete', 'api-key', '42', '--yes']);
    expect(ran.status).toBe(8);
    expect(ran.stderr).toContain('vastai show api-key 42');
    expect(asked()).toEqual([DELETE]);
  });
});

describe.concurrent('a request that cannot have acted is repeated', () => {
  it.for(['text', 'detail'] as const)(
    'create api-key after a 429 (as %s), and one key is made',
    async (form, { harness }) => {
      const { vastai, sandbox, saveKey, asked } = harness;
      await saveKey();
      const body =
        form === 'text'
          ? 'API requests too frequent: endpoint threshold=0.1'
          : { detail: 'API requests too frequent endpoint threshold=0.1' };
      sandbox.fault(CREATE, { kind: 'answer', status: 429, body });
      const ran = await vastai(['create', 'api-key', '--name', 'ci'], { printsKey: true });
      expect(ran.status).toBe(0);
      expect(asked()).toEqual([CREATE, CREATE]);
      expect(sandbox.keys().filter(({ name }) => name === 'ci')).toHaveLength(1);
    },
  );

  it('is recognised: no connection was made, so no key can exist', async ({ harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    await sandbox.close();
    const ran = await vastai(['create', 'api-key', '--name', 'ci', '--retry', '1', '--explain']);
    expect(ran.status).toBe(8);
    expect(ran.stderr).not.toContain('may exist');
    expect(ran.stderr.match(/^> POST /gm)).toHaveLength(2);
  });

  it.for([
    ['429', { kind: 'answer', status: 429, body: { detail: 'threshold=0.05' } }],
    ['502', { kind: 'answer', status: 502 }],
    ['503', { kind: 'answer', status: 503 }],
    ['504', { kind: 'answer', status: 504 }],
    ['a closed connection', { kind: 'drop' }],
    ['an answer that breaks off', { kind: 'truncate' }],
  ] as const)('show user after %s', async ([, fault], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(USER, fault);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect(asked()).toEqual([USER, USER]);
  });
});

describe.concurrent('--retry and --timeout', () => {
  const busy = { kind: 'answer', status: 429, body: { detail: 'threshold=0.01' } } as const;

  it.for([
    [[], 4],
    [['--retry', '1'], 2],
    [['--retry', '0'], 1],
  ] as const)('%j: attempts are %i', async ([args, requests], { harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(USER, busy, Number.POSITIVE_INFINITY);
    expect((await vastai(['show', 'user', ...args])).status).toBe(7);
    expect(asked()).toHaveLength(requests);
  });

  it('does not repeat what would end the same: a 500', async ({ harness }) => {
    const { vastai, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 500 });
    expect((await vastai(['show', 'user'])).status).toBe(8);
    expect(asked()).toEqual([USER]);
  });

  it.for([
    ['no answer', { kind: 'latency', ms: 30_000 }],
    ['half an answer', { kind: 'stall' }],
  ] as const)('ends an attempt that brings %s', async ([, fault], { harness }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    sandbox.fault(USER, fault);
    const ran = await vastai(['show', 'user', '--timeout', '0.5', '--retry', '0']);
    expect(ran.status).toBe(8);
    expect(ran.stderr).toContain('0.5 s');
  });

  it.for(['--retry=-1', '--retry=1e1', '--retry=', '--timeout=0', '--timeout=Infinity'])(
    '%s is wrong usage',
    async (flag, { harness: { vastai, saveKey, asked } }) => {
      await saveKey();
      const ran = await vastai(['show', 'user', flag, '--json']);
      expect(ran.status).toBe(2);
      expect(ran.json().error.message).toContain(flag.split('=')[0]);
      expect(asked()).toEqual([]);
    },
  );
});
