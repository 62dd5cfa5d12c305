import { setTimeout as sleep } from 'node:timers/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { BIN } from '@vastai-cli/testing/checkout/paths';
import type { Harness } from '@vastai-cli/testing/harness';
import { createHarness } from '@vastai-cli/testing/harness';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

const POST = 'POST /api/v0/auth/apikeys/';
const DELETE = 'DELETE /api/v0/auth/apikeys/42/';
const CREATE = ['create', 'api-key', '--name', 'ci', '--permission_file', 'perms.json'];
const ASKED = { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } } } };
const printsKey = true;
const rejection = { kind: 'answer', status: 400, body: { success: false, msg: 'Not now.' } } as const;

type Given = Harness['sandbox']['quirks']['newPermissions'];

/** Makes the sandbox grant new keys other permissions than the file requests. */
async function giving({ sandbox, saveKey, home }: Harness, given: Given): Promise<void> {
  await saveKey();
  await home.write('perms.json', JSON.stringify(ASKED));
  sandbox.quirks.newPermissions = given;
}

const isAlive = ({ sandbox }: Harness) => sandbox.keys().some(({ id, revoked }) => id === 42 && !revoked);

describe.concurrent('a key that the API grants more than requested', () => {
  it.for<[what: string, given: Given, added: string]>([
    ['full access', 'false', 'full access'],
    ['full access, which it does not mention', 'absent', 'full access'],
    ['an extra category', { api: { ...ASKED.api, misc: {} } }, 'misc'],
    [
      'an extra endpoint',
      { api: { instance_write: { ...ASKED.api.instance_write, 'api.instance.reboot': {} } } },
      'instance.reboot',
    ],
    ['no constraint', { api: { instance_write: { 'api.instance.destroy': {} } } }, 'instance.destroy'],
    ['the whole category', { api: { instance_write: {} } }, 'instance.reboot'],
    ['an unknown category', { api: { ...ASKED.api, gpu_write: {} } }, 'gpu_write'],
    ['an "api" that is empty, which could be everything', { api: {} }, 'misc'],
    ['a field that may grant something', { ...ASKED, write: true }, '$.write'],
    ['something in another format', { everything: true }, 'misc'],
  ])('is deleted at once: %s', async ([, given, added], { harness }) => {
    const { vastai, asked } = harness;
    await giving(harness, given);
    const ran = await vastai(CREATE);
    expect(ran).toMatchObject({ status: 10, stdout: '' });
    expect(ran.stderr).toMatch(/^Error: The API gave this key .* The key was deleted\.$/m);
    expect(asked()).toEqual([POST, DELETE]);
    expect(isAlive(harness)).toBe(false);
    const reported = await vastai([...CREATE, '--json']);
    expect(reported.status).toBe(10);
    const { error, ...data } = reported.json();
    expect(error.code).toBe('findings');
    expect(data).toEqual({ id: 43, deleted: true, new_access: expect.arrayContaining([added]) });
    expect(reported.stdout).not.toMatch(/[0-9a-f]{64}/);
  });

  it('is kept with --keep, with a warning', async ({ harness }) => {
    const { vastai, asked } = harness;
    await giving(harness, 'false');
    const ran = await vastai([...CREATE, '--keep'], { printsKey });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(ran.stdout.trim());
    expect(ran.stderr).toMatch(/^Warning: The API gave this key FULL ACCESS .*vastai delete api-key 42$/m);
    expect(asked()).toEqual([POST]);
    const document = (await vastai([...CREATE, '--keep', '--json'], { printsKey })).json();
    expect(document).toMatchObject({ id: 43, permissions: null });
    await recordKey(document.key);
  });

  it('is deleted after a rate limit, also with --retry 0', async ({ onTestFinished }) => {
    const harness = await createHarness(BIN);
    onTestFinished(() => harness.close());
    await giving(harness, 'false');
    harness.sandbox.fault(DELETE, { kind: 'answer', status: 429, body: { detail: 'threshold=0.2' } });
    const ran = await harness.vastai([...CREATE, '--retry', '0']);
    expect(ran).toMatchObject({ status: 10, stdout: '' });
    expect(isAlive(harness)).toBe(false);
  });

  it('is named with the command that deletes it if the deletion fails', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    await giving(harness, 'false');
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    sandbox.fault(DELETE, rejection);
    const run = ['--profile', 'work', '--url', sandbox.url];
    const ran = await vastai([...CREATE, ...run], { env: { VAST_URL: undefined } });
    expect(ran).toMatchObject({ status: 10, stdout: '' });
    expect(ran.stderr).toContain('could not be deleted');
    const command = /Delete it: vastai (.*)$/m.exec(ran.stderr)?.[1] ?? '';
    expect(command).toBe(`delete api-key 42 --profile work --url ${sandbox.url}`);
    expect(isAlive(harness)).toBe(true);
    await vastai([...command.split(' '), '--yes'], { env: { VAST_URL: undefined } });
    expect(isAlive(harness)).toBe(false);
  });

  it.for([
    ['is rejected', rejection],
    ['has no response', { kind: 'drop' }],
    ['finds no such key', { kind: 'answer', status: 404, body: { msg: 'API Key not found.' } }],
  ] as const)('is reported to a script if the deletion %s', async ([, fault], { harness }) => {
    const { vastai, sandbox } = harness;
    await giving(harness, 'false');
    sandbox.fault(DELETE, fault);
    const ran = await vastai([...CREATE, '--json']);
    expect(ran.status).toBe(10);
    expect(ran.json()).toMatchObject({
      error: { code: 'findings', hint: expect.stringContaining('vastai delete api-key 42') },
      id: 42,
      deleted: false,
    });
    expect(ran.stdout).not.toMatch(/[0-9a-f]{64}/);
  });

  it.skipIf(process.platform === 'win32')(
    'is deleted even if a signal arrives',
    async ({ harness, expect }) => {
      const { start, sandbox, asked } = harness;
      await giving(harness, 'false');
      sandbox.fault(POST, { kind: 'latency', ms: 1000 });
      sandbox.fault(DELETE, { kind: 'latency', ms: 1500 });
      const run = start(CREATE);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(1);
      run.kill('SIGTERM');
      await expect.poll(() => run.stderr(), { timeout: 20_000 }).toContain('Still deleting API key 42');
      expect(await run.ended).toMatchObject({ status: 10, stdout: '' });
      expect(isAlive(harness)).toBe(false);
    },
  );

  it.skipIf(process.platform === 'win32')(
    'is named if a second signal ends its deletion',
    async ({ harness, expect }) => {
      const { start, sandbox, asked } = harness;
      await giving(harness, 'false');
      sandbox.fault(DELETE, { kind: 'latency', ms: 30_000 });
      const run = start(CREATE);
      await expect.poll(asked, { timeout: 20_000 }).toHaveLength(2);
      run.kill('SIGTERM');
      await expect.poll(() => run.stderr(), { timeout: 20_000 }).toContain('Still deleting API key 42');
      await sleep(300);
      run.kill('SIGTERM');
      const ran = await run.ended;
      expect(ran).toMatchObject({ status: 143, stdout: '' });
      expect(ran.stderr).toContain('Delete it: vastai delete api-key 42');
    },
  );
});

describe.concurrent('a key whose permissions differ from the request', () => {
  it.for<[what: string, given: Given, note: string | undefined]>([
    ['with a field that describes it', { ...ASKED, version: 1 }, 'The API added version'],
    [
      'narrower by a range',
      { api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5, lte: 4 } } } } } },
      'less than you asked for',
    ],
    [
      'narrower by another constraint',
      {
        api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 }, x: { eq: 1 } } } } },
      },
      'less than you asked for',
    ],
    [
      'with the same meaning',
      {
        api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: '5' } } } } },
      },
      'but they allow the same',
    ],
    ['identical', ASKED, undefined],
  ])('is printed, and any difference is noted: %s', async ([, given, note], { harness }) => {
    const { vastai, asked } = harness;
    await giving(harness, given);
    const ran = await vastai(CREATE, { printsKey });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    await recordKey(ran.stdout.trim());
    if (note === undefined) expect(ran.stderr).not.toContain('The API');
    else expect(ran.stderr).toContain(note);
    expect(asked()).toEqual([POST]);
  });

  it('is printed when full access was requested', async ({ harness }) => {
    const { vastai, saveKey } = harness;
    await saveKey();
    const ran = await vastai(['create', 'api-key', '--name', 'ci'], { printsKey });
    expect(ran.status).toBe(0);
    await recordKey(ran.stdout.trim());
  });
});
