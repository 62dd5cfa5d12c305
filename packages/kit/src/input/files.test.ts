import { execFileSync } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readInputFile } from './files.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'vastai-input-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('readInputFile', () => {
  it('returns the bytes of a file, and its name as typed', async () => {
    const path = join(folder, 'a.json');
    const bytes = Uint8Array.of(0xff, 0xfe, 0, 1);
    await writeFile(path, bytes);
    const file = await readInputFile(path);
    expect(file.name).toBe(path);
    expect([...file.bytes]).toEqual([...bytes]);
  });

  it('stops one byte after 10 MiB', async () => {
    const path = join(folder, 'large.json');
    await writeFile(path, Buffer.alloc(11 * 1024 * 1024));
    expect((await readInputFile(path)).bytes.length).toBe(10 * 1024 * 1024 + 1);
  });

  it('reads all of a file of 10 MiB', async () => {
    const path = join(folder, 'just.json');
    await writeFile(path, Buffer.alloc(10 * 1024 * 1024, 'a'));
    expect(Buffer.from((await readInputFile(path)).bytes).equals(Buffer.alloc(10 * 1024 * 1024, 'a'))).toBe(
      true,
    );
  });

  it.runIf(process.platform !== 'win32')(
    'reads a pipe, and stops at the same limit if it never ends',
    async () => {
      const path = join(folder, 'pipe');
      execFileSync('mkfifo', [path]);
      const writer = writeFile(path, '{"api":{}}');
      expect(Buffer.from((await readInputFile(path)).bytes).toString()).toBe('{"api":{}}');
      await writer;
      expect((await readInputFile('/dev/zero')).bytes).toHaveLength(10 * 1024 * 1024 + 1);
    },
  );

  it('says so if the name is empty, as an unset variable is', async () => {
    await expect(readInputFile('')).rejects.toMatchObject({
      code: 'usage',
      message: 'The file name is empty.',
    });
  });

  it.each([
    ['a missing file', 'nowhere.json', 'nowhere.json: no such file'],
    ['a folder', '.', 'it is a folder'],
    ['a path through a file', 'a.json/b.json', 'a part of its path is not a folder'],
  ])('reports %s as wrong usage', async (_, name, message) => {
    await writeFile(join(folder, 'a.json'), '{}');
    const path = join(folder, name);
    const usageError = { code: 'usage', message: expect.stringContaining(message) };
    await expect(readInputFile(path)).rejects.toMatchObject(usageError);
  });
});
