import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { searchTranscript } from './transcript.js';

const KEY = 'c0ffee'.repeat(8);

async function transcript(files: Readonly<Record<string, string>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'vastai-transcript-'));
  onTestFinished(() => rm(folder, { recursive: true }));
  for (const [name, text] of Object.entries(files)) await writeFile(join(folder, name), text);
  return folder;
}

describe('searchTranscript', () => {
  it('finds a key that another process used, and prints the command but not the key', async () => {
    const folder = await transcript({
      'keys-1': `${KEY}\n`,
      'output-2': `$ show user\nfine\n\n$ show api-keys\n${'x'.repeat(9)}${KEY}y\n`,
    });
    const { keys, leaks } = await searchTranscript(folder);
    expect(keys).toBe(1);
    expect(leaks).toEqual(['$ show api-keys']);
  });

  it('finds nothing if no key was printed or nothing was recorded', async () => {
    const folder = await transcript({
      'keys-1': `${KEY}\nshort\n`,
      'output-1': '$ show user\nshort …ffee\n',
    });
    expect(await searchTranscript(folder)).toMatchObject({ keys: 1, leaks: [] });
    expect(await searchTranscript(join(folder, 'nowhere'))).toMatchObject({ keys: 0, leaks: [] });
  });
});
