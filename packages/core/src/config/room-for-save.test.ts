import { lstatSync, mkdirSync, readdirSync, symlinkSync } from 'node:fs';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { describe, expect, it } from 'vitest';
import { homeAt, useHome } from '../../test/support/home.js';
import { requireRoomForSave } from './room-for-save.js';

const home = useHome();
const unix = process.platform !== 'win32';

describe('room for a save', () => {
  it('exists on an ordinary disk, and the check leaves nothing behind', async () => {
    await requireRoomForSave(home.paths);
    expect(lstatSync(home.paths.configFolder).isDirectory()).toBe(true);
    expect(await home.files()).toEqual({});
  });

  it('is checked without changing the settings', async () => {
    home.put(home.paths.settingsFile, '{"version":1}');
    await requireRoomForSave(home.paths);
    expect(await home.files()).toEqual({ '.config/vastai/config.json': '{"version":1}' });
  });

  it.runIf(unix)('does not exist if the settings could not be replaced', async () => {
    mkdirSync(home.paths.configFolder, { recursive: true });
    symlinkSync('elsewhere', home.paths.settingsFile);
    await expect(requireRoomForSave(home.paths)).rejects.toMatchObject({
      code: 'storage',
      message: expect.stringContaining('config.json is a symbolic link'),
    });
  });
});

describe.runIf(smallDisksWork())('room for a save on a small disk', () => {
  /** Returns what is said where this many blocks of 4 KiB are free, and what it leaves in the folder. */
  async function withFree(blocks: number) {
    const disk = mountSmallDisk();
    try {
      const { paths } = homeAt(disk.path);
      mkdirSync(paths.configFolder, { recursive: true });
      disk.leaveBlocks(blocks);
      const said = await requireRoomForSave(paths).then(
        () => 'room',
        (error: Error) => error.message,
      );
      return { said, left: readdirSync(paths.configFolder) };
    } finally {
      disk.remove();
    }
  }

  it('means 64 KiB', async () => {
    expect(await withFree(16)).toEqual({ said: 'room', left: [] });
    expect(await withFree(15)).toEqual({ said: expect.stringContaining('the disk is full'), left: [] });
  });
});
