import { readdir } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE } from '@vastai-cli/testing/places';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { idOf, left } from './support/rotation.js';

const RESET = ['reset', 'api-key', '--yes'];
const PUT = 'PUT /api/v0/commands/reset_apikey/';
const LOST = /A reset of this key was started on \d{4}-\d\d-\d\d, and the new key did not arrive/u;

/** Resets, and kills the process while it waits for the response. */
async function killReset({ start, sandbox, asked }: Harness, acts: boolean, until: () => Promise<boolean>) {
  sandbox.fault(PUT, { kind: 'latency', ms: 3_600_000, acts });
  const run = start(RESET);
  while (!asked().includes(PUT) || !(await until())) await new Promise((resolve) => setTimeout(resolve, 10));
  run.kill('SIGKILL');
  await run.ended;
}

describe.concurrent('a reset', () => {
  it('that is killed after the API has acted is named when the stored key is refused', async ({
    harness,
    expect,
  }) => {
    const { vastai, sandbox, saveKey } = harness;
    await saveKey();
    await killReset(harness, true, async () => (await idOf(harness, sandbox.key)) === undefined);
    expect(await left(harness)).toMatchObject([{ kind: 'reset', profile: 'default' }]);
    for (const command of [['show', 'user'], ['auth', 'status'], ['doctor']]) {
      const { status, stdout, stderr } = await vastai(command);
      const text = `${stdout}${stderr}`.replaceAll(/\s*(?:→ )?\n?\s+/gu, ' ');
      expect([command, status]).not.toEqual([command, 0]);
      expect(text).toMatch(LOST);
      expect(text).toContain('https://cloud.vast.ai/manage-keys/');
      expect(text).toContain('vastai set api-key');
    }
    // A key that is passed was not reset.
    expect((await vastai(['show', 'user', '--api-key', sandbox.key])).stderr).not.toMatch(LOST);
  });

  it('that is killed before is not named, since the stored key works', async ({ harness, expect }) => {
    const { vastai, saveKey, home } = harness;
    await saveKey();
    await killReset(harness, false, async () => true);
    expect(await left(harness)).toHaveLength(1);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect((await vastai(['auth', 'status'])).stdout).not.toMatch(LOST);
    expect((await vastai(RESET)).status).toBe(0);
    await recordKey((await home.read(KEY_FILE)) ?? '');
    expect(await left(harness)).toEqual([]);
  });

  it.for([
    ['saved', 0, 'saves'],
    ['refused', 5, 'is refused'],
  ] as const)('leaves no entry when the key is %s', async ([what, status], { harness, expect }) => {
    const { vastai, saveKey, sandbox, home } = harness;
    await saveKey();
    const body = { success: false, error: 'auth_error', msg: 'This key lacks the privileges.' };
    if (what === 'refused') sandbox.fault(PUT, { kind: 'answer', status: 403, body });
    expect((await vastai(RESET)).status).toBe(status);
    await recordKey((await home.read(KEY_FILE)) ?? '');
    expect(await left(harness)).toEqual([]);
    expect(await readdir(home.at('.config', 'vastai'))).not.toContain('ledger.json');
  });

  it('is named until the key is replaced, however often it is tried again', async ({ harness, expect }) => {
    const { vastai, sandbox, saveKey, unknownKey } = harness;
    await saveKey();
    await killReset(harness, true, async () => (await idOf(harness, sandbox.key)) === undefined);
    for (const _ of [1, 2]) {
      const again = await vastai(RESET);
      expect([again.status, again.stderr.replaceAll('\n', ' ')]).toEqual([4, expect.stringMatching(LOST)]);
    }
    sandbox.fault(PUT, { kind: 'drop' });
    expect((await vastai(RESET)).status).toBe(8);
    expect(await left(harness)).toHaveLength(1);
    expect((await vastai(['show', 'user'])).stderr).toMatch(LOST);
    await vastai(['set', 'api-key', '-', '--no-verify'], { input: await unknownKey() });
    expect((await vastai(['show', 'user'])).stderr).not.toMatch(LOST);
    expect((await vastai(RESET)).status).toBe(4);
    expect(await left(harness)).toEqual([]);
  });

  it('says where the new key is, if it was killed before that was saved', async ({ harness, expect }) => {
    const { vastai, saveKey, home, unknownKey } = harness;
    const key = await unknownKey();
    await saveKey(await unknownKey());
    await home.write('.config/vastai/unsaved-key.default.0123abcd', `${key}\n`);
    const ran = await vastai(['show', 'user']);
    expect(ran.status).toBe(4);
    expect(ran.stderr).toMatch(
      /A reset was interrupted.*vastai set api-key < .*unsaved-key\.default\.0123abcd/su,
    );
  });
});
