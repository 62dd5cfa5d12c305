import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe } from 'vitest';
import { DOCUMENT, idOf, live } from './support/rotation.js';

const ROTATE = ['rotate', 'api-key'];
const POST = 'POST /api/v0/auth/apikeys/';

describe.runIf(smallDisksWork())('rotate api-key on a full disk', () => {
  it.for([
    ['before it begins', 0],
    ['while the new key is created', 2500],
  ] as const)('keeps the old key if it is full %s', async ([, ms], { harness, expect, onTestFinished }) => {
    const { sandbox, start, vastai, addKey, asked } = harness;
    const disk = mountSmallDisk();
    onTestFinished(() => disk.remove());
    const env = { XDG_CONFIG_HOME: disk.path };
    const { id, value } = await addKey({ name: 'laptop', permissions: DOCUMENT });
    await vastai(['set', 'api-key', '-'], { env, input: value });
    const stored = () => readFile(join(disk.path, 'vastai', 'vast_api_key'), 'utf8');
    if (ms === 0) disk.leaveBlocks(0);
    else sandbox.fault(POST, { kind: 'latency', ms, acts: true });
    const run = start(ROTATE, { env });
    if (ms > 0) {
      await expect.poll(() => asked().includes(POST), { timeout: 20_000 }).toBe(true);
      disk.leaveBlocks(0);
    }
    const ran = await run.ended;
    expect([ran.status, ran.stdout]).toEqual([9, '']);
    expect(ran.stderr).toContain('the disk is full');
    expect(ran.stderr).not.toContain('may still exist');
    expect(await idOf(harness, await stored())).toBe(id);
    expect(live(harness).map((key) => key.id)).toEqual([id]);
    disk.empty();
    const again = await vastai(ROTATE, { env });
    expect([again.status, again.stderr]).toEqual([0, '']);
    const key = await stored();
    await recordKey(key);
    expect(live(harness)).toEqual([expect.objectContaining({ id: await idOf(harness, key) })]);
  });
});
