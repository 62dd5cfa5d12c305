import { execFileSync } from 'node:child_process';
import { chmodSync, chownSync, lchownSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { nearestProfileFile } from './profile-file.js';

const home = useHome();
const file = () => home.at('.vastai-profile');
const below = () => home.at('below');
const OTHER = 1234;
const unix = process.platform !== 'win32';
const asRoot = process.platform === 'linux' && process.getuid?.() === 0;

/** Returns the profile that is found from a folder below, and the notes. */
async function find() {
  mkdirSync(below(), { recursive: true });
  const notes: string[] = [];
  const found = await nearestProfileFile(below(), (text) => notes.push(text));
  return { found: found?.text, notes };
}

const COUNTS = { found: 'work', notes: [] };

describe.runIf(unix)('a .vastai-profile of the user', () => {
  it.for([0o600, 0o644, 0o400])('counts with mode 0%o', async (mode) => {
    home.put(file(), 'work');
    chmodSync(file(), mode);
    expect(await find()).toEqual(COUNTS);
  });

  it.for([0o666, 0o602, 0o646])('is ignored if every user may write to it: 0%o', async (mode) => {
    home.put(file(), 'work');
    chmodSync(file(), mode);
    expect(await find()).toEqual({
      found: undefined,
      notes: [`Ignored ${file()}: other users can change it. Fix: chmod go-w ${file()}`],
    });
  });

  it('counts in a folder that every user may write to', async () => {
    home.put(file(), 'work');
    chmodSync(home.path, 0o777);
    expect(await find()).toEqual(COUNTS);
  });

  it.runIf(asRoot)('is ignored if a group with other members may write to it', async () => {
    home.put(file(), 'work');
    chmodSync(file(), 0o664);
    chownSync(file(), 0, OTHER);
    expect((await find()).found).toBeUndefined();
  });

  it('must be a readable file', async () => {
    mkdirSync(file());
    await expect(find()).rejects.toMatchObject({ code: 'storage' });
  });
});

describe.runIf(asRoot)('a .vastai-profile of another user', () => {
  const ignored = () => [`Ignored ${file()}: it belongs to another user (uid ${OTHER}).`];

  it.for<[string, () => void]>([
    ['a valid name', () => home.put(file(), 'work')],
    ['not a name', () => home.put(file(), '../../etc')],
    ['empty', () => home.put(file(), '')],
    ['binary', () => home.put(file(), Buffer.from([0, 255]))],
    ['too large', () => home.put(file(), Buffer.alloc(2 * 1024 * 1024))],
    ['unreadable', () => home.put(file(), 'work', 0o000)],
    ['a folder', () => mkdirSync(file())],
    ['a pipe', () => execFileSync('mkfifo', [file()])],
    ['a link to a file of the user', () => symlinkSync(home.at('mine'), file())],
    ['a link to nothing', () => symlinkSync('nothing', file())],
    ['a link to itself', () => symlinkSync('.vastai-profile', file())],
  ])('is ignored with a note, even if it is %s', async ([, put]) => {
    home.put(home.at('mine'), 'work');
    put();
    lchownSync(file(), OTHER, OTHER);
    expect(await find()).toEqual({ found: undefined, notes: ignored() });
  });

  it('is skipped for the one in the folder above', async () => {
    home.put(home.at('below', '.vastai-profile'), 'theirs');
    chownSync(home.at('below', '.vastai-profile'), OTHER, OTHER);
    home.put(file(), 'work');
    expect(await find()).toEqual({
      found: 'work',
      notes: [`Ignored ${home.at('below', '.vastai-profile')}: it belongs to another user (uid ${OTHER}).`],
    });
  });

  it('does not matter above a closer one', async () => {
    home.put(home.at('below', '.vastai-profile'), 'work');
    home.put(file(), 'theirs');
    chownSync(file(), OTHER, OTHER);
    expect(await find()).toEqual(COUNTS);
  });
});

describe.runIf(asRoot)('a .vastai-profile of root', () => {
  /** Does what `find` does, as a user who is not root. */
  async function findAsAnother() {
    mkdirSync(below(), { recursive: true });
    chmodSync(home.path, 0o755);
    chmodSync(below(), 0o755);
    process.seteuid?.(OTHER);
    try {
      return await find();
    } finally {
      process.seteuid?.(0);
    }
  }

  it('counts for every user if it names a profile', async () => {
    home.put(file(), ' work\n', 0o644);
    expect(await findAsAnother()).toEqual(COUNTS);
  });

  it('is ignored with a note if it does not name a profile', async () => {
    home.put(file(), '../../etc', 0o644);
    expect(await findAsAnother()).toEqual({
      found: undefined,
      notes: [`Ignored ${file()}: it does not contain the name of a profile.`],
    });
  });

  it('is ignored with a note if it cannot be read', async () => {
    home.put(file(), 'work', 0o600);
    expect(await findAsAnother()).toEqual({
      found: undefined,
      notes: [expect.stringMatching(/^Ignored .*\.vastai-profile: .*permission denied/)],
    });
  });

  it('is treated as missing if its folder may not be searched', async () => {
    home.put(home.at('below', '.vastai-profile'), 'hidden', 0o644);
    home.put(file(), 'work', 0o644);
    chmodSync(below(), 0o700);
    chmodSync(home.path, 0o755);
    process.seteuid?.(OTHER);
    try {
      expect(await nearestProfileFile(below())).toEqual({ path: file(), text: 'work' });
    } finally {
      process.seteuid?.(0);
    }
  });
});

it.runIf(unix)('looking for a .vastai-profile below an impossible path fails', async () => {
  await expect(nearestProfileFile(home.at('x'.repeat(300)))).rejects.toMatchObject({
    code: 'storage',
    message: expect.stringMatching(/^Cannot look at .*\.vastai-profile/),
  });
});

it.runIf(unix)('a .vastai-profile is ignored without a note if no callback takes it', async () => {
  home.put(file(), 'work');
  chmodSync(file(), 0o666);
  expect(await nearestProfileFile(home.path)).toBeUndefined();
});
