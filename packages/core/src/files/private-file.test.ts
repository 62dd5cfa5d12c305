import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { isVastaiError } from '../base/errors.js';
import { removeLeftovers } from './leftovers.js';
import { readPrivateFile, removePrivateFile, writePrivateFile } from './private-file.js';
import { ensurePrivateFolder } from './private-folder.js';

const home = useHome();
const unix = process.platform !== 'win32';
const TEXT = 'text-of-the-file';

/** Returns the message of an expected error. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toSatisfy(isVastaiError);
  expect(error).toMatchObject({ code: 'storage', hint: expect.stringMatching(/./) });
  return (error as Error).message;
}

async function textAt(path: string): Promise<string | undefined> {
  const file = await readPrivateFile(path);
  return file === undefined ? undefined : Buffer.from(file.bytes).toString('utf8');
}

describe('reading a private file', () => {
  it('returns its bytes and its mode', async () => {
    home.put(home.at('f'), Uint8Array.of(0, 255, 10), 0o640);
    const file = await readPrivateFile(home.at('f'));
    expect([...(file?.bytes ?? [])]).toEqual([0, 255, 10]);
    expect(file?.mode).toBe(unix ? 0o640 : undefined);
  });

  it('returns undefined if the file does not exist', async () => {
    home.put(home.at('f'), TEXT);
    expect(await readPrivateFile(home.at('missing'))).toBeUndefined();
    expect(await readPrivateFile(home.at('missing', 'too'))).toBeUndefined();
    expect(await readPrivateFile(home.at('f', 'below-a-file'))).toBeUndefined();
  });

  it('accepts a file of 1 MiB, but no larger one', async () => {
    home.put(home.at('f'), 'x'.repeat(1024 * 1024));
    expect(await textAt(home.at('f'))).toHaveLength(1024 * 1024);
    home.put(home.at('f'), 'x'.repeat(1024 * 1024 + 1));
    expect(await refusal(readPrivateFile(home.at('f')))).toMatch(/larger than 1 MiB/);
  });

  it('rejects a folder', async () => {
    mkdirSync(home.at('f'));
    expect(await refusal(readPrivateFile(home.at('f')))).toMatch(/not a regular file|folder/);
  });

  it.runIf(unix)('follows a symbolic link to what is the user’s, and says where it leads', async () => {
    home.put(home.at('target'), TEXT, 0o640);
    symlinkSync('target', home.at('link'));
    expect(await readPrivateFile(home.at('link'))).toMatchObject({ mode: 0o640, target: home.at('target') });
    expect(await refusal(readPrivateFile(home.at('link'), 'refuse'))).toMatch(/symbolic link/);
  });

  it.runIf(unix)('rejects a broken or circular symbolic link', async () => {
    symlinkSync('nowhere', home.at('dangling'));
    symlinkSync('circle', home.at('circle'));
    expect(await refusal(readPrivateFile(home.at('dangling')))).toMatch(/symbolic link/);
    expect(await refusal(readPrivateFile(home.at('circle')))).toMatch(/loop/);
  });

  it.runIf(unix)('rejects a pipe at once, with or without a writer', async () => {
    execFileSync('mkfifo', [home.at('pipe')]);
    expect(await refusal(readPrivateFile(home.at('pipe')))).toMatch(/not a regular file/);
  });

  it.runIf(unix)('rejects a socket', async () => {
    const server = createServer().listen(home.at('s'));
    try {
      expect(await refusal(readPrivateFile(home.at('s')))).toContain(home.at('s'));
    } finally {
      server.close();
    }
  });

  it.runIf(unix)('rejects a device', async () => {
    expect(await refusal(readPrivateFile('/dev/zero'))).toMatch(/not a regular file/);
  });
});

describe('writing a private file', () => {
  it('makes it for its owner alone, whatever the mode of the old one was', async () => {
    home.put(home.at('f'), 'old', 0o666);
    chmodSync(home.at('f'), 0o666);
    await writePrivateFile(home.at('f'), TEXT);
    expect(readFileSync(home.at('f'), 'utf8')).toBe(TEXT);
    if (unix) expect(statSync(home.at('f')).mode & 0o777).toBe(0o600);
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it('reports a missing folder', async () => {
    expect(await refusal(writePrivateFile(home.at('missing', 'f'), TEXT))).toMatch(/folder does not exist/);
  });

  it('reports a folder in its place, and leaves no temporary file', async () => {
    mkdirSync(home.at('f'));
    expect(await refusal(writePrivateFile(home.at('f'), TEXT))).toMatch(/Cannot write/);
    expect(readdirSync(home.path)).toEqual(['f']);
  });

  it.runIf(unix)('neither writes through nor replaces a symbolic link', async () => {
    home.put(home.at('target'), 'old');
    symlinkSync('target', home.at('link'));
    expect(await refusal(writePrivateFile(home.at('link'), TEXT))).toMatch(/symbolic link/);
    expect(readFileSync(home.at('target'), 'utf8')).toBe('old');
    expect(lstatSync(home.at('link')).isSymbolicLink()).toBe(true);
    expect(readdirSync(home.path).sort()).toEqual(['link', 'target']);
  });

  it.runIf(unix)('replaces a pipe with a file', async () => {
    execFileSync('mkfifo', [home.at('f')]);
    await writePrivateFile(home.at('f'), TEXT);
    expect(await textAt(home.at('f'))).toBe(TEXT);
  });

  it('does not show the content if it fails', async () => {
    expect(await refusal(writePrivateFile(home.at('missing', 'f'), TEXT))).not.toContain(TEXT);
  });
});

describe('removing a private file', () => {
  it('returns whether the file existed', async () => {
    home.put(home.at('f'), TEXT);
    expect(await removePrivateFile(home.at('f'))).toBe(true);
    expect(await removePrivateFile(home.at('f'))).toBe(false);
    expect(await removePrivateFile(home.at('missing', 'f'))).toBe(false);
  });

  it('removes the temporary files of killed writers, and nothing else', async () => {
    for (const name of ['f', '.f.tmp-1.aa', '.f.tmp-2.bb', '.g.tmp-1.cc', '.f', 'f.tmp-1'])
      home.put(home.at(name), TEXT);
    await removePrivateFile(home.at('f'));
    expect(readdirSync(home.path).sort()).toEqual(['.f', '.g.tmp-1.cc', 'f.tmp-1']);
  });

  it.runIf(unix)('removes a symbolic link, not what it leads to', async () => {
    home.put(home.at('target'), TEXT);
    symlinkSync('target', home.at('link'));
    expect(await removePrivateFile(home.at('link'))).toBe(true);
    expect(readdirSync(home.path)).toEqual(['target']);
  });

  it('does not remove a folder, and says that it is one', async () => {
    home.put(home.at('f', 'inside'), TEXT);
    expect(await refusal(removePrivateFile(home.at('f')))).toMatch(
      /Cannot remove .*: (it is a folder|not permitted)\./,
    );
    expect(existsSync(home.at('f', 'inside'))).toBe(true);
  });

  it('reports a temporary file that cannot be removed', async () => {
    home.put(home.at('.f.tmp-1.aa', 'inside'), TEXT);
    expect(await refusal(removeLeftovers(home.at('f')))).toMatch(/Cannot remove .*f\.tmp-1/);
  });
});

describe('a private folder', () => {
  it.runIf(unix)('is made with the folders above it up to the top, each for its owner alone', async () => {
    await ensurePrivateFolder(home.at('a', 'top'), home.at('a', 'top', 'b', 'c'));
    for (const path of [home.at('a', 'top'), home.at('a', 'top', 'b'), home.at('a', 'top', 'b', 'c')])
      expect(statSync(path).mode & 0o777).toBe(0o700);
  });

  it('may be there already', async () => {
    await ensurePrivateFolder(home.at('top'), home.at('top', 'b'));
    await ensurePrivateFolder(home.at('top'), home.at('top', 'b'));
  });

  it('is not a file', async () => {
    home.put(home.at('top', 'b'), TEXT);
    expect(await refusal(ensurePrivateFolder(home.at('top'), home.at('top', 'b')))).toMatch(/not a folder/);
    expect(await refusal(ensurePrivateFolder(home.at('top'), home.at('top', 'b', 'c')))).toMatch(
      /not a folder/,
    );
  });

  it.runIf(unix)('must not be a symbolic link, at the top or below it', async () => {
    mkdirSync(home.at('target', 'b'), { recursive: true });
    symlinkSync('target', home.at('top'));
    mkdirSync(home.at('other'));
    symlinkSync('../target', home.at('other', 'b'));
    expect(await refusal(ensurePrivateFolder(home.at('top'), home.at('top', 'b')))).toMatch(/symbolic link/);
    expect(await refusal(ensurePrivateFolder(home.at('other'), home.at('other', 'b')))).toMatch(
      /symbolic link/,
    );
  });

  it.runIf(unix)('may be reached through a symbolic link above the top', async () => {
    mkdirSync(home.at('dotfiles'));
    symlinkSync('dotfiles', home.at('.config'));
    await ensurePrivateFolder(home.at('.config', 'top'), home.at('.config', 'top', 'b'));
    expect(lstatSync(dirname(home.at('dotfiles', 'top', 'b'))).isDirectory()).toBe(true);
  });
});
