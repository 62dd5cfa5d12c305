import {
  chmodSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keepPrivateFile } from './kept-file.js';
import { removePrivateFile, writePrivateFile } from './private-file.js';

const home = useHome();
const unix = process.platform !== 'win32';
const path = () => home.at('f');

describe('a file that is kept', () => {
  it('is restored with its mode after another file replaced it', async () => {
    home.put(path(), 'old');
    chmodSync(path(), 0o640);
    const { ino } = statSync(path());
    const kept = await keepPrivateFile(path());
    await writePrivateFile(path(), 'new');
    await kept.putBack();
    expect(readFileSync(path(), 'utf8')).toBe('old');
    expect(statSync(path()).ino).toBe(ino);
    if (unix) expect(statSync(path()).mode & 0o777).toBe(0o640);
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('stays unchanged if nothing replaced it', async () => {
    home.put(path(), 'old');
    await (await keepPrivateFile(path())).putBack();
    expect(readFileSync(path(), 'utf8')).toBe('old');
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('is restored after it was removed', async () => {
    home.put(path(), 'old');
    const kept = await keepPrivateFile(path());
    renameSync(path(), home.at('elsewhere'));
    await kept.putBack();
    expect(readFileSync(path(), 'utf8')).toBe('old');
  });

  it('leaves nothing after letGo', async () => {
    home.put(path(), 'old');
    const kept = await keepPrivateFile(path());
    expect(readdirSync(home.path)).toHaveLength(2);
    await writePrivateFile(path(), 'new');
    await kept.letGo();
    expect(readFileSync(path(), 'utf8')).toBe('new');
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('is removed again if it did not exist before', async () => {
    const kept = await keepPrivateFile(path());
    await writePrivateFile(path(), 'new');
    await kept.putBack();
    expect(readdirSync(home.path)).toEqual([]);
    await (await keepPrivateFile(path())).letGo();
    await (await keepPrivateFile(home.at('missing', 'f'))).letGo();
  });

  it.runIf(unix)('must not be a symbolic link, which stays unchanged', async () => {
    home.put(home.at('target'), 'old');
    symlinkSync('target', path());
    await expect(keepPrivateFile(path())).rejects.toMatchObject({ code: 'storage' });
    expect(readdirSync(home.path).sort()).toEqual(['f', 'target']);
  });

  it('must not be a folder, which stays unchanged', async () => {
    mkdirSync(path());
    await expect(keepPrivateFile(path())).rejects.toMatchObject({ code: 'storage' });
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it.each(['letGo', 'putBack', 'discard'] as const)(
    'goes with what killed processes kept only when the change is done: %s',
    async (end) => {
      home.put(path(), 'old');
      linkSync(path(), home.at('.f.old-1.aa'));
      writeFileSync(home.at('.g.old-1.aa'), 'of another file');
      const kept = await keepPrivateFile(path());
      expect(readdirSync(home.path)).toHaveLength(4);
      await kept[end]();
      const left = ['.f.old-1.aa', '.g.old-1.aa', 'f'];
      expect(readdirSync(home.path).sort()).toEqual(end === 'letGo' ? left.slice(1) : left);
    },
  );

  it('is removed with the file, together with those of killed processes', async () => {
    home.put(path(), 'old');
    linkSync(path(), home.at('.f.old-1.aa'));
    await keepPrivateFile(path());
    await removePrivateFile(path());
    expect(readdirSync(home.path)).toEqual([]);
  });
});
