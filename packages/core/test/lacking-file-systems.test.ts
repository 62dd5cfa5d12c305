import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';
import { runNode } from '@vastai-cli/testing/run';
import { mountSmallDisk, smallDisksWork } from '@vastai-cli/testing/small-disk';
import { straceWorks, traceFromStart } from '@vastai-cli/testing/strace';
import { describe, expect, it } from 'vitest';
import { useHome } from './support/home.js';

const KEY = 'new-key-0123456789abcdef';
const SAVE = [join(cliRoot, 'bin', 'dev.js'), 'set', 'api-key', '-', '--no-verify', '--storage', 'file'];
const home = useHome();

/** Saves a key from standard input, on a file system on which a system call fails. */
function saveWithout(name: string, error: string) {
  return traceFromStart({
    command: SAVE,
    env: { HOME: home.path },
    input: `${KEY}\n`,
    names: [name],
    failAt: { name, nth: 1, error, andAfter: true },
  });
}

describe.runIf(straceWorks())('a key is saved on a file system', () => {
  it.each([
    ['fsync', 'EINVAL'],
    ['fsync', 'EOPNOTSUPP'],
    ['fsync', 'ENOSYS'],
    ['link', 'EPERM'],
    ['link', 'EOPNOTSUPP'],
    ['linkat', 'EPERM'],
    ['chmod', 'EPERM'],
    ['fchmod', 'EPERM'],
    ['utimensat', 'EPERM'],
  ])('that responds to %s with %s', async (name, error) => {
    // The second save replaces a file, so it keeps the old one.
    for (const _ of ['first', 'second']) {
      const { status, output } = await saveWithout(name, error);
      expect([status, output]).toEqual([0, expect.stringContaining('Saved')]);
    }
    expect(Object.keys(await home.files()).sort()).toEqual([
      '.config/vastai/config.json',
      '.config/vastai/vast_api_key',
    ]);
    expect((await home.files())['.config/vastai/vast_api_key']).toBe(KEY);
  });

  it('but not where flushing it to the disk fails', async () => {
    const { status } = await saveWithout('fsync', 'EIO');
    expect(status).toBe(9);
    expect(Object.keys(await home.files())).toEqual([]);
  });
});

describe.runIf(smallDisksWork())('a file that is a mount point', () => {
  it.each(['vast_api_key', 'config.json'])(
    'is read, and named as that where it must be replaced: %s',
    async (name) => {
      const disk = mountSmallDisk();
      const content = { vast_api_key: KEY, 'config.json': '{"version":1,"profiles":{}}' };
      home.put(join(disk.path, name), content[name as keyof typeof content]);
      home.put(home.paths.keyFile('default'), KEY);
      home.put(join(home.paths.configFolder, name), '');
      const mounted = join(home.paths.configFolder, name);
      execFileSync('mount', ['--bind', join(disk.path, name), mounted]);
      try {
        const env = { HOME: home.path, VASTAI_STORAGE: 'file' };
        const read = await runNode([join(cliRoot, 'bin', 'dev.js'), 'auth', 'token'], env);
        expect(read).toMatchObject({ status: 0, stdout: `${KEY}\n` });
        const ran = await runNode([...SAVE.slice(0, 3), 'other-key-0123456789abcdef', '--no-verify'], env);
        expect(ran.status).toBe(9);
        expect(ran.stderr).toContain(`Cannot write ${mounted}: the file itself is a mount point`);
        expect(ran.stderr).toContain(`Mount the folder ${home.paths.configFolder} instead`);
      } finally {
        execFileSync('umount', [mounted]);
        disk.remove();
      }
    },
  );
});
