import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const USER = 'GET /api/v0/users/current/';

type Situation = readonly [
  status: number,
  code: string,
  what: string,
  args: readonly string[],
  prepare: (harness: Harness) => Promise<unknown>,
];

/** Every exit status of a failure, brought about by what it stands for. */
const SITUATIONS: readonly Situation[] = [
  [
    1,
    'api_error',
    'the API returns another error',
    ['delete', 'api-key', '40', '--yes'],
    (harness) => harness.saveKey(),
  ],
  [
    1,
    'api_error',
    'the API says “success”: false with a 200',
    ['show', 'user'],
    async ({ sandbox, saveKey }) => {
      await saveKey();
      const failed = { success: false, msg: 'Not today.' };
      sandbox.fault(USER, { kind: 'answer', status: 200, body: failed }, Number.POSITIVE_INFINITY);
    },
  ],
  [2, 'usage', 'a flag is unknown', ['show', 'user', '--colour'], (harness) => harness.saveKey()],
  [2, 'usage', 'a command is unknown', ['show', 'usr'], (harness) => harness.saveKey()],
  [2, 'usage', 'an argument is missing', ['show', 'api-key'], (harness) => harness.saveKey()],
  [2, 'usage', 'a value is bad', ['show', 'api-key', 'x'], (harness) => harness.saveKey()],
  [
    2,
    'usage',
    'a file argument is missing',
    ['create', 'api-key', '--name', 'ci', '--permission_file', 'nowhere.json'],
    (harness) => harness.saveKey(),
  ],
  [3, 'no_key', 'there is no key', ['show', 'user'], async () => {}],
  [
    4,
    'key_rejected',
    'the key is rejected',
    ['show', 'user'],
    async ({ saveKey, unknownKey }) => saveKey(await unknownKey()),
  ],
  [
    4,
    'key_rejected',
    'a 401 has an unknown message',
    ['show', 'user'],
    async ({ sandbox, saveKey }) => {
      await saveKey();
      const refused = { success: false, msg: 'No.' };
      sandbox.fault(USER, { kind: 'answer', status: 401, body: refused }, Number.POSITIVE_INFINITY);
    },
  ],
  [
    5,
    'forbidden',
    'the key lacks the permission',
    ['show', 'user'],
    async ({ addKey, saveKey }) =>
      saveKey((await addKey({ name: 'scoped', permissions: { api: { misc: {} } } })).value),
  ],
  [6, 'not_found', 'there is no such key', ['show', 'api-key', '999'], (harness) => harness.saveKey()],
  [
    7,
    'rate_limited',
    'the retries are used up',
    ['show', 'user', '--retry', '1'],
    async ({ sandbox, saveKey }) => {
      await saveKey();
      const busy = { kind: 'answer', status: 429, body: { detail: 'threshold=0.01' } } as const;
      sandbox.fault(USER, busy, Number.POSITIVE_INFINITY);
    },
  ],
  [
    8,
    'unreachable',
    'nobody listens',
    ['show', 'user', '--retry', '0'],
    async ({ sandbox, saveKey }) => {
      await saveKey();
      await sandbox.close();
    },
  ],
  [
    9,
    'storage',
    'the settings are broken',
    ['show', 'user'],
    async ({ home, saveKey }) => {
      await saveKey();
      await home.write('.config/vastai/config.json', '{"version":1,');
    },
  ],
  [
    10,
    'findings',
    'the permission file is not valid',
    ['create', 'api-key', '--name', 'ci', '--permission_file', 'perms.json'],
    async ({ home, saveKey }) => {
      await saveKey();
      await home.write('perms.json', '{"api":{"user_raed":{}}}');
    },
  ],
  [
    11,
    'two_factor',
    'a two-factor session is needed',
    ['show', 'user'],
    async ({ sandbox, saveKey }) => {
      await saveKey();
      sandbox.quirks.twoFactor = 'session_expired';
    },
  ],
];

describe.concurrent('exit status', () => {
  it.for(SITUATIONS)('%i (%s): %s', async ([status, code, , args, prepare], { harness }) => {
    await prepare(harness);
    const shown = await harness.vastai(args);
    expect(shown.status).toBe(status);
    expect(shown.stdout).toBe('');
    expect(shown.stderr).toMatch(/^Error: \S/m);
    expect(shown.stderr).not.toMatch(/\n\s+at /);
    const told = await harness.vastai([...args, '--json']);
    expect(told.status).toBe(status);
    expect(told.json().error).toMatchObject({ code, message: expect.stringMatching(/\S/) });
    expect(told.stderr).not.toContain('Error:');
  });

  it('0: done', async ({ harness: { vastai, saveKey } }) => {
    await saveKey();
    expect((await vastai(['show', 'user'])).status).toBe(0);
    for (const args of [['--version'], ['--help'], ['help'], ['show', 'user', '--help']])
      expect((await vastai(args)).status).toBe(0);
  });

  it.skipIf(process.platform === 'win32')(
    '130: interrupted, with one document',
    async ({ harness, expect }) => {
      const { start, sandbox, saveKey, asked } = harness;
      await saveKey();
      sandbox.fault(USER, { kind: 'latency', ms: 30_000 });
      const run = start(['show', 'user', '--json']);
      await expect.poll(asked, { timeout: 20_000 }).toEqual([USER]);
      run.kill('SIGINT');
      const ran = await run.ended;
      expect(ran.status).toBe(130);
      expect(ran.json().error.code).toBe('interrupted');
    },
  );
});

describe.skipIf(process.platform === 'win32')('Ctrl-C', { concurrent: true }, () => {
  it('ends a wait for another attempt', async ({ harness, expect }) => {
    const { start, sandbox, saveKey, asked } = harness;
    await saveKey();
    sandbox.fault(USER, { kind: 'answer', status: 429, body: { detail: 'threshold=30' } });
    const run = start(['show', 'user', '--raw', '--explain']);
    await expect.poll(asked, { timeout: 20_000 }).toHaveLength(1);
    await new Promise((resolve) => setTimeout(resolve, 300));
    run.kill('SIGINT');
    const ran = await run.ended;
    expect(ran.status).toBe(130);
    expect(ran.json().error.code).toBe('interrupted');
    expect(asked()).toHaveLength(1);
  });

  it('keeps what delete has done so far', async ({ harness, expect }) => {
    const { start, sandbox, saveKey, addKey, asked } = harness;
    await saveKey();
    const ids = [(await addKey({ name: 'a' })).id, (await addKey({ name: 'b' })).id].map(String);
    sandbox.fault('DELETE /api/v0/auth/apikeys/43/', { kind: 'latency', ms: 30_000 });
    const run = start(['delete', 'api-key', ...ids, '44', '--yes', '--json']);
    await expect.poll(asked, { timeout: 20_000 }).toHaveLength(2);
    run.kill('SIGINT');
    const ran = await run.ended;
    expect(ran.status).toBe(130);
    expect(ran.json()).toMatchObject({ error: { code: 'interrupted' }, deleted: [42], absent: [] });
    expect(asked()).toHaveLength(2);
  });
});
