import { it } from '@vastai-cli/testing/checkout/cli';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { recordKey } from '@vastai-cli/testing/transcript';
import { describe, expect } from 'vitest';

const RESET = ['reset', 'api-key', '--yes'];
const PUT = 'PUT /api/v0/commands/reset_apikey/';

/** Amounts of free space, from nothing to less than a save needs. */
const LITTLE = [0, 1, 2, 3] as const;

describe.runIf(smallDisksWork())('reset api-key on a full disk', () => {
  const smallHome = (onTestFinished: (done: () => void) => void) => {
    const disk = mountSmallDisk();
    onTestFinished(() => disk.remove());
    return disk;
  };

  it.for(LITTLE.flatMap((left) => [`${left} blocks`, `${left} inodes`]))(
    'leaves the old key valid when %s are left',
    async (what, { harness: { vastai, sandbox, asked }, onTestFinished }) => {
      const disk = smallHome(onTestFinished);
      const env = { XDG_CONFIG_HOME: disk.path, VASTAI_STORAGE: 'file' };
      await vastai(['set', 'api-key', '-', '--no-verify'], { env, input: sandbox.key });
      const [left, unit] = what.split(' ');
      if (unit === 'blocks') disk.leaveBlocks(Number(left));
      else disk.leaveInodes(Number(left));
      const ran = await vastai(RESET, { env });
      expect(ran.stderr).toMatch(/the disk is full/);
      expect(ran.status).toBe(9);
      expect(ran.stdout).toBe('');
      expect(asked()).toEqual([]);
    },
  );

  it('replaces a key from a variable, which need not be saved', async ({ harness, onTestFinished }) => {
    const disk = smallHome(onTestFinished);
    disk.leaveBlocks(0);
    const env = { XDG_CONFIG_HOME: disk.path, VAST_API_KEY: harness.sandbox.key };
    const ran = await harness.vastai(RESET, { env, printsKey: true });
    await recordKey(ran.stdout.trim());
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^[0-9a-f]{64}\n$/);
    expect(harness.asked()).toEqual([PUT]);
  });
});
