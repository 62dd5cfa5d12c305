import { execFileSync } from 'node:child_process';
import { link, mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { describe, onTestFinished } from 'vitest';

const ASK = `(async () => {
  const headers = { Authorization: 'Bearer ' + process.env.VAST_API_KEY };
  const statuses = [];
  for (let count = Number(process.argv[1]); count > 0; count -= 1)
    statuses.push((await fetch(process.env.VAST_URL + '/api/v0/users/current/', { headers })).status);
  console.log([...new Set(statuses)].join(' '));
})()`;
const record = ({ vastai }: Harness, file: string, count = 1) =>
  vastai(['exec', '--broker', '--record', file, '--', process.execPath, '-e', ASK, String(count)]);

describe.runIf(process.platform !== 'win32').concurrent('exec --broker --record', () => {
  it('is wrong usage where no recording can be, and starts nothing', async ({ harness, expect }) => {
    const { home, saveKey } = harness;
    await saveKey();
    await writeFile(home.at('other'), 'mine\n');
    await symlink('other', home.at('link'));
    await symlink('nowhere', home.at('dangling'));
    await writeFile(home.at('twice'), '');
    await link(home.at('twice'), home.at('hard'));
    await mkdir(home.at('folder'));
    execFileSync('mkfifo', [home.at('pipe')]);
    const places = ['link', 'dangling', 'hard', 'folder', 'pipe', 'no/folder', 'other/file', '', '/dev/full'];
    for (const place of places) {
      const { status, stdout, stderr } = await record(harness, place);
      expect({ place, status, stdout }).toEqual({ place, status: 2, stdout: '' });
      expect(stderr).toContain('Name another file, or one that does not exist.');
      expect(stderr).not.toMatch(/VAST_API_KEY|loop/u);
    }
    expect(await readFile(home.at('other'), 'utf8')).toBe('mine\n');
    expect(harness.asked()).toEqual([]);
  });

  it('adds to a file that two runs write at once, in whole lines', async ({ harness, expect }) => {
    await harness.saveKey();
    await harness.home.write('calls', '{"time":1}');
    const runs = [record(harness, 'calls', 50), record(harness, 'calls', 50)];
    for (const { status, stdout } of await Promise.all(runs))
      expect({ status, stdout }).toEqual({ status: 0, stdout: '200\n' });
    const [first, ...lines] = (await readFile(harness.home.at('calls'), 'utf8')).trimEnd().split('\n');
    expect(first).toBe('{"time":1}');
    const calls = lines.filter((line) => line !== '').map((line) => JSON.parse(line).operation);
    expect(calls).toEqual(Array.from({ length: 100 }, () => 'user.show'));
  });

  it.runIf(smallDisksWork())(
    'says when the disk is full, and that calls are missing',
    async ({ harness, expect }) => {
      await harness.saveKey();
      const disk = mountSmallDisk();
      onTestFinished(() => disk.remove());
      disk.leaveBlocks(1);
      const { status, stdout, stderr } = await record(harness, join(disk.path, 'calls'), 40);
      expect({ status, stdout }).toEqual({ status: 1, stdout: '200 503\n' });
      expect(stderr.match(/All further requests are refused/gu)).toHaveLength(1);
      expect(stderr).toContain(
        'Calls of the program were not recorded. Cannot write the recording: the disk is full.',
      );
    },
  );
});
