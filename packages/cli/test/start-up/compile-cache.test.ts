import {
  chmod,
  chown,
  copyFile,
  cp,
  link,
  mkdir,
  readdir,
  readFile,
  rename,
  rm,
  stat,
  symlink,
  utimes,
  writeFile,
} from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { describe, expect } from 'vitest';

const FOLDER = '.cache/vastai-cli/compiled';
const COMMAND = ['profile', 'list', '--json'];

const kept = ({ home }: Harness) => readdir(home.at(FOLDER)).catch(() => []);

/** Returns the cached file of a command; each is named for its source. */
async function keptFile(harness: Harness, name = 'profile-list'): Promise<string> {
  const found = (await kept(harness)).find((file) => file.startsWith(`${name}-v`));
  return harness.home.at(`${FOLDER}/${found}`);
}

async function run({ vastai }: Harness, env: Record<string, string> = {}): Promise<string> {
  const { status, stdout, stderr } = await vastai(COMMAND, { env });
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  return stdout;
}

/** Returns the inode of a file, which changes when a new file is renamed over it. */
const identity = async (file: string) => (await stat(file)).ino;

describe.skipIf(process.platform === 'win32')('compiled code', () => {
  it('is kept for the next run, for its owner alone', async ({ harness }) => {
    const stdout = await run(harness);
    expect((await stat(harness.home.at('.cache'))).mode & 0o777).toBe(0o700);
    expect((await stat(harness.home.at(FOLDER))).mode & 0o777).toBe(0o700);
    const file = await keptFile(harness);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
    const before = await identity(file);
    expect(await run(harness)).toBe(stdout);
    expect(await identity(file)).toBe(before);
  });

  it.for([
    ['cut off', async (file: string) => writeFile(file, 'junk')],
    ['empty', async (file: string) => writeFile(file, '')],
    [
      'of another source',
      async (file: string, harness: Harness) => copyFile(await keptFile(harness, 'fast-path'), file),
    ],
    ['open to others', async (file: string) => chmod(file, 0o666)],
    [
      'a link',
      async (file: string) => {
        await rename(file, `${file}.moved`);
        await symlink(`${file}.moved`, file);
      },
    ],
    ['a hard link', async (file: string) => link(file, `${file}.moved`)],
  ] as const)('is made anew when it is %s', async ([, spoil], { harness }) => {
    const stdout = await run(harness);
    const file = await keptFile(harness);
    await spoil(file, harness);
    const before = await identity(file);
    expect(await run(harness)).toBe(stdout);
    expect(await identity(file)).not.toBe(before);
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it('is kept where XDG_CACHE_HOME says', async ({ harness }) => {
    await run(harness, { XDG_CACHE_HOME: harness.home.at('elsewhere') });
    await rename(harness.home.at('elsewhere'), harness.home.at('.cache'));
    expect(await keptFile(harness)).toContain('profile-list');
  });

  it('is not kept where others could write', async ({ harness }) => {
    await mkdir(harness.home.at(FOLDER), { recursive: true });
    await chmod(harness.home.at(FOLDER), 0o777);
    await run(harness);
    expect(await kept(harness)).toEqual([]);
  });

  it('is not kept if a file is in the way, without a message', async ({ harness }) => {
    await harness.home.write('.cache', 'no folder');
    await run(harness);
    expect(await harness.home.read('.cache')).toBe('no folder');
  });

  it('is not kept when NODE_DISABLE_COMPILE_CACHE is set', async ({ harness }) => {
    await run(harness, { NODE_DISABLE_COMPILE_CACHE: '1' });
    expect(await readdir(harness.home.path)).not.toContain('.cache');
  });

  it('is kept whole when many start at once', async ({ harness }) => {
    await Promise.all(Array.from({ length: 6 }, () => run(harness)));
    const before = await identity(await keptFile(harness));
    await run(harness);
    expect(await identity(await keptFile(harness))).toBe(before);
    expect((await kept(harness)).filter((file) => /\.\d+-\d+$/u.test(file))).toEqual([]);
  });

  it('is removed when there is too much of it, the oldest first', async ({ harness }) => {
    await run(harness);
    const file = await keptFile(harness);
    for (let at = 0; at < 120; at += 1) {
      const path = await harness.home.write(`${FOLDER}/command-${at}-v1.0.0-x64-0`, 'of another version');
      await utimes(path, at, Date.now() / 1000 - 10_000 - at);
    }
    await rm(file);
    await run(harness);
    const left = await kept(harness);
    expect(left).toHaveLength(100);
    expect(left).toContain('command-0-v1.0.0-x64-0');
    expect(left).not.toContain('command-119-v1.0.0-x64-0');
  });

  it('is removed when it is old', async ({ harness }) => {
    await run(harness);
    const old = await harness.home.write(`${FOLDER}/index-v1.0.0-x64-0`, 'of an older version');
    await utimes(old, 0, 0);
    await rm(await keptFile(harness));
    await run(harness);
    expect(await harness.home.read(`${FOLDER}/index-v1.0.0-x64-0`)).toBeUndefined();
  });
});

describe.runIf(process.platform === 'linux' && process.getuid?.() === 0)('compiled code of others', () => {
  const OTHER = 1234;
  const IN_CACHES = 'vastai-cli/compiled';

  /** Keeps code, all of it trusted: what `change` does to it must be the only reason not to run it. */
  async function isRun(harness: Harness, change: (caches: string) => Promise<unknown>): Promise<boolean> {
    const caches = harness.home.at('caches');
    const env = { XDG_CACHE_HOME: caches };
    await run(harness, env);
    const folder = harness.home.at('caches', IN_CACHES);
    const name = (await readdir(folder)).find((file) => file.startsWith('profile-list-v')) ?? '';
    // V8 does not take what its flags do not fit, so that a run that reads this makes it anew.
    const kept = await readFile(`${folder}/${name}`);
    await change(caches);
    const before = await readdir(folder).catch(() => []);
    await writeFile(`${folder}/${name}`, kept.subarray(0, 100)).catch(() => {});
    await run(harness, env);
    const after = await readFile(`${folder}/${name}`).catch(() => Buffer.alloc(0));
    return before.length > 0 && after.length > 100;
  }

  it('is taken in from a folder that is ours alone', async ({ harness }) => {
    expect(await isRun(harness, async () => {})).toBe(true);
  });

  it.for([
    ['everybody may write to the folder of caches', (caches) => chmod(caches, 0o777)],
    ['everybody may, with the sticky bit, as in /tmp', (caches) => chmod(caches, 0o1777)],
    ['the folder of caches is of another user', (caches) => chown(caches, OTHER, OTHER)],
    ['the folder above it is of another user', (caches) => chown(`${caches}/..`, OTHER, OTHER)],
    ['everybody may write to the folder above it', (caches) => chmod(`${caches}/..`, 0o777)],
    ['our folder is of another user', (caches) => chown(`${caches}/vastai-cli`, OTHER, OTHER)],
    ['the group may write to it', (caches) => chmod(`${caches}/vastai-cli`, 0o770)],
    ['what is in it is of another user', (caches) => chown(`${caches}/${IN_CACHES}`, OTHER, OTHER)],
    ['others may look into it', (caches) => chmod(`${caches}/${IN_CACHES}`, 0o755)],
    [
      'it is a link',
      async (caches) => {
        await cp(`${caches}/${IN_CACHES}`, `${caches}/copy`, { recursive: true });
        await rm(`${caches}/${IN_CACHES}`, { recursive: true });
        await symlink(`${caches}/copy`, `${caches}/${IN_CACHES}`);
      },
    ],
    [
      'the folder of caches is a link',
      async (caches) => {
        await rename(caches, `${caches}-moved`);
        await symlink(`${caches}-moved`, caches);
      },
    ],
  ] as [string, (caches: string) => Promise<unknown>][])(
    'is neither taken in nor kept where %s',
    async ([, change], { harness }) => {
      expect(await isRun(harness, change)).toBe(false);
    },
  );
});
