import { chmod, mkdir, readdir, stat } from 'node:fs/promises';
import nodeModule from 'node:module';
import { describe, expect } from 'vitest';
import { it } from '../support/it.js';

/** Node keeps what it compiled from 22.1 on. */
const CAN = 'enableCompileCache' in nodeModule;
const contentsOf = (folder: string) => readdir(folder).catch(() => []);

describe.skipIf(process.platform === 'win32')('what Node compiled', () => {
  it('is kept for the next run where Node can, for its owner alone', async ({ stage: { home, vastai } }) => {
    await mkdir(home.at('.cache'));
    expect((await vastai(['profile', 'list'])).status).toBe(0);
    expect(await contentsOf(home.at('.cache/vastai/compiled'))).toHaveLength(CAN ? 1 : 0);
    if (CAN) expect((await stat(home.at('.cache/vastai/compiled'))).mode & 0o777).toBe(0o700);
    expect((await vastai(['profile', 'list'])).status).toBe(0);
  });

  it('is not kept where others could write', async ({ stage: { home, vastai } }) => {
    await mkdir(home.at('.cache/vastai/compiled'), { recursive: true });
    await chmod(home.at('.cache/vastai/compiled'), 0o777);
    expect((await vastai(['profile', 'list'])).status).toBe(0);
    expect(await contentsOf(home.at('.cache/vastai/compiled'))).toEqual([]);
  });

  it('is not kept in a home without a folder for caches', async ({ stage: { home, vastai } }) => {
    expect((await vastai(['profile', 'list'])).status).toBe(0);
    expect(await contentsOf(home.path)).not.toContain('.cache');
  });
});
