import { mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { makeFile, replaceFile } from './replace-file.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vastai-replace-'));
});
afterEach(() => rm(folder, { recursive: true }));

describe('replaceFile', () => {
  it('replaces the content and keeps the mode', async () => {
    const path = join(folder, 'perms.json');
    await writeFile(path, 'old', { mode: 0o604 });
    await replaceFile(path, 'new', Buffer.from('old'));
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await stat(path)).mode & 0o777).toBe(0o604);
    expect(await readdir(folder)).toEqual(['perms.json']);
  });

  it('creates a missing file', async () => {
    await replaceFile(join(folder, 'known.json'), 'new');
    expect(await readFile(join(folder, 'known.json'), 'utf8')).toBe('new');
  });

  it('writes nothing if the file has changed since it was read', async () => {
    const path = join(folder, 'perms.json');
    await writeFile(path, 'changed');
    await expect(replaceFile(path, 'new', Buffer.from('old'))).rejects.toMatchObject({ code: 'usage' });
    expect(await readFile(path, 'utf8')).toBe('changed');
    expect(await readdir(folder)).toEqual(['perms.json']);
  });

  it('rejects a symbolic link, a folder, and a file in a missing folder', async () => {
    await writeFile(join(folder, 'real'), 'old');
    await symlink('real', join(folder, 'link'));
    await mkdir(join(folder, 'folder'));
    for (const name of ['link', 'folder', 'nowhere/file']) {
      await expect(replaceFile(join(folder, name), 'new')).rejects.toMatchObject({ code: 'usage' });
    }
    expect(await readFile(join(folder, 'real'), 'utf8')).toBe('old');
    expect((await readdir(folder)).sort()).toEqual(['folder', 'link', 'real']);
  });
});

describe('makeFile', () => {
  it('creates a file, and never overwrites one or follows a link', async () => {
    const path = join(folder, 'perms.json');
    await makeFile(path, 'new');
    await symlink('elsewhere', join(folder, 'link'));
    for (const taken of [path, join(folder, 'link')]) {
      await expect(makeFile(taken, 'other')).rejects.toMatchObject({ code: 'usage' });
    }
    expect(await readFile(path, 'utf8')).toBe('new');
    expect((await readdir(folder)).sort()).toEqual(['link', 'perms.json']);
  });
});
