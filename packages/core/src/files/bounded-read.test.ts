import { closeSync, openSync } from 'node:fs';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { partsUpTo, readOpenFile, readStream } from './bounded-read.js';

const home = useHome();

describe.each([0, 1, 4, 64 * 1024, 200_000])('a source that may have %i bytes', (most) => {
  it.each([most - 1, most, most + 1, most + 100_000].filter((size) => size >= 0))(
    'is read to its end, or to one byte beyond: %i',
    async (size) => {
      const content = Buffer.alloc(size, 'abcdefg');
      const expected = content.subarray(0, most + 1);
      home.put(home.at('f'), content);
      const file = openSync(home.at('f'), 'r');
      expect(readOpenFile(file, most).equals(expected)).toBe(true);
      closeSync(file);
      for (const width of [1000, 70_000]) {
        const parts = Array.from({ length: Math.ceil(size / width) }, (_, at) =>
          content.subarray(at * width, (at + 1) * width),
        );
        expect((await readStream(Readable.from(parts), most)).equals(expected)).toBe(true);
      }
    },
  );
});

describe('readStream', () => {
  it('closes an endless stream', async () => {
    const endless = new Readable({ read: () => void endless.push(Buffer.alloc(1000)) });
    expect(await readStream(endless, 5000)).toHaveLength(5001);
    expect(endless.destroyed).toBe(true);
  });

  it('stops early if that is enough', async () => {
    const lines = Readable.from(['a', 'b\n', 'c\n'].map((text) => Buffer.from(text)));
    const read = await readStream(lines, 100, (bytes) => bytes.includes('\n'));
    expect(read.toString()).toBe('ab\n');
  });
});

describe('partsUpTo', () => {
  const parts = () => Readable.from(['ab', 'cd', 'ef'].map((text) => Buffer.from(text)));
  const read = async (most: number) => {
    const taken: string[] = [];
    for await (const part of partsUpTo(parts(), most, () => new Error('too long'))) taken.push(String(part));
    return taken;
  };

  it('passes on what is within the limit, part by part', async () => {
    expect(await read(6)).toEqual(['ab', 'cd', 'ef']);
    await expect(read(5)).rejects.toThrow('too long');
  });

  it('closes an endless stream', async () => {
    const endless = new Readable({ read: () => void endless.push(Buffer.alloc(1000)) });
    const all = async () => {
      for await (const part of partsUpTo(endless, 5000, () => new Error('too long'))) part.fill(1);
    };
    await expect(all()).rejects.toThrow('too long');
    expect(endless.destroyed).toBe(true);
  });
});
