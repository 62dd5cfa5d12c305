import { execFileSync } from 'node:child_process';
import { chmodSync, mkdirSync, symlinkSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { revealed } from '../../test/support/keys.js';
import { readKeyBytes, readKeyFile } from './key-text.js';

const home = useHome();
const unix = process.platform !== 'win32';
const KEY = 'key-0123456789abcdef';
const path = () => home.at('key');

async function lookup(content: string | Uint8Array, mode?: number) {
  home.put(path(), content, mode);
  return readKeyFile(path());
}

describe('a key file', () => {
  it('that does not exist contains no key', async () => {
    expect(revealed(await readKeyFile(path()))).toBe('absent');
  });

  it.each([
    ['nothing around it', KEY],
    ['a line end', `${KEY}\n`],
    ['a line end of Windows', `${KEY}\r\n`],
    ['empty lines and spaces around it', `\n  ${KEY}\t\n\n`],
    ['a byte order mark', `\ufeff${KEY}\n`],
  ])('returns its key, with %s', async (_, content) => {
    const found = await lookup(content);
    expect(revealed(found)).toBe(KEY);
    expect(found).toMatchObject({ problems: [] });
  });

  it.each(['', '\n', '  \r\n', '\ufeff'])('with only %j contains no key', async (content) => {
    expect(revealed(await lookup(content))).toBe('absent');
  });

  it.each([
    ['two lines', `${KEY}\nsecond-line`, 'not_a_key'],
    ['two words', `api_key: ${KEY}`, 'not_a_key'],
    ['a terminal sequence', `${KEY}\u001b[2J`, 'not_a_key'],
    ['a null character', `${KEY}\u0000${KEY}`, 'not_a_key'],
    ['UTF-16 without a mark', Buffer.from(KEY, 'utf16le'), 'not_a_key'],
    ['UTF-16 with a mark', Buffer.from(`\ufeff${KEY}`, 'utf16le'), 'not_utf8'],
    ['Latin-1', Buffer.from('clé-0123456789', 'latin1'), 'not_utf8'],
    ['half a character', Buffer.from('clé').subarray(0, 3), 'not_utf8'],
    ['random bytes', Uint8Array.of(0x80, 0xff, 0xfe), 'not_utf8'],
    ['2 MiB', 'k'.repeat(2 * 1024 * 1024), 'unreadable'],
  ])('with %s cannot be read, says where it is, and does not show it', async (_, content, code) => {
    const found = await lookup(content);
    expect(revealed(found)).toBe(`unreadable: ${code}`);
    expect(JSON.stringify(found)).toContain(path());
    expect(JSON.stringify(found)).not.toMatch(/0123456789|second-line/);
    expect(found).not.toMatchObject({ problem: { fix: { length: 0 } } });
  });

  it('is not a folder', async () => {
    mkdirSync(path());
    expect(await readKeyFile(path())).toEqual({
      state: 'unreadable',
      problem: {
        code: 'unreadable',
        message: `${path()} is not a regular file.`,
        fix: [{ do: 'say', text: 'Move it away, then try again.' }],
      },
    });
  });

  it('does not hide a bug', async () => {
    await expect(readKeyFile(7 as unknown as string)).rejects.toThrow(TypeError);
  });

  it.runIf(unix)('is not a pipe, and that one is not waited for', async () => {
    execFileSync('mkfifo', [path()]);
    expect(revealed(await readKeyFile(path()))).toBe('unreadable: unreadable');
  });

  it.runIf(unix)('may be a symbolic link, whose target’s mode is judged', async () => {
    home.put(home.at('target'), KEY, 0o600);
    symlinkSync('target', path());
    expect(await readKeyFile(path())).toMatchObject({ state: 'present', problems: [] });
    chmodSync(home.at('target'), 0o644);
    expect(await readKeyFile(path())).toMatchObject({
      state: 'present',
      problems: [{ code: 'file_mode', fix: [{ do: 'make-private', path: home.at('target'), purpose: '' }] }],
    });
  });

  it.runIf(unix).each([0o644, 0o640, 0o604, 0o660, 0o666, 0o620])(
    'that other users can open (mode %o) returns its key with a problem',
    async (mode) => {
      const umask = process.umask(0);
      try {
        const found = await lookup(KEY, mode);
        expect(revealed(found)).toBe(KEY);
        expect(found).toMatchObject({
          problems: [
            {
              code: 'file_mode',
              message: `Other users can open ${path()} (mode 0${mode.toString(8)}).`,
              fix: [{ do: 'migrate', purpose: '' }],
            },
          ],
        });
      } finally {
        process.umask(umask);
      }
    },
  );

  it.runIf(unix).each([0o600, 0o400, 0o700])('that is its owner’s alone (mode %o) is fine', async (mode) => {
    expect(await lookup(KEY, mode)).toMatchObject({ state: 'present', problems: [] });
  });
});

describe('the bytes of a stored key', () => {
  const read = (text: string, options?: Parameters<typeof readKeyBytes>[2]) =>
    readKeyBytes(Buffer.from(text), 'keychain', options);
  const fix = [{ do: 'save-key', purpose: 'Save the key again' }];

  it('return only the key if its place has no problem', () => {
    expect(read(KEY)).toMatchObject({ state: 'present', problems: [] });
  });

  it('keep the problems of their place', () => {
    const problems = [{ code: 'file_mode', message: 'It is open.', fix: [] }];
    expect(read(` ${KEY}\n`, { problems })).toMatchObject({ state: 'present', problems });
  });

  it('that are not UTF-8 are reported as such', () => {
    expect(readKeyBytes(Uint8Array.of(0xff), 'keychain')).toEqual({
      state: 'unreadable',
      problem: { code: 'not_utf8', message: 'keychain is not UTF-8 text.', fix },
    });
  });

  it('that are not a key are reported with the reason', () => {
    expect(read('two words')).toEqual({
      state: 'unreadable',
      problem: {
        code: 'not_a_key',
        message: 'keychain does not contain exactly one key: it contains a space or a line break.',
        fix,
      },
    });
  });

  it('are a placeholder only where a person put them there', () => {
    const placeholder =
      'keychain does not contain exactly one key: it is a placeholder from an example, not a key.';
    expect(read('changeme')).toMatchObject({ problem: { code: 'not_a_key', message: placeholder } });
    expect(read('changeme', { origin: 'person' })).toMatchObject({ problem: { message: placeholder } });
    expect(revealed(read('changeme', { origin: 'program' }))).toBe('changeme');
  });
});
