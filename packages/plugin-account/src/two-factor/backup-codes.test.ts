import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { line } from '@vastai-cli/kit/result';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { codesResult, withCodesFile } from './backup-codes.js';

const CODES = ['aaaa-1111', 'bbbb-2222'];
const raw = { backup_codes: CODES };
const got = async () => ({ value: { backup_codes: CODES }, raw });
const KEEP = {
  kind: 'note',
  text: 'Keep these backup codes in a safe place. Each works once, they are not shown again, and older ones no longer work.',
};

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'vastai-codes-'));
});
afterEach(() => rmSync(folder, { recursive: true }));
const path = () => join(folder, 'codes');

describe('backup codes', () => {
  it('are printed, with a note to keep them', async () => {
    const human = [line('Done.')];
    const remarks = [{ kind: 'note', text: 'First.' } as const];
    const { delivery, ...result } = await codesResult(
      undefined,
      { human, remarks, more: { method: 'sms' } },
      got,
    );
    expect(result).toEqual({
      document: { method: 'sms', backup_codes: CODES },
      raw,
      human: [line('Done.'), line('aaaa-1111'), line('bbbb-2222')],
      remarks: [...remarks, KEEP],
    });
    const lost = await delivery?.lost(new VastaiError('internal', 'The new key could not be written.'));
    expect(lost).toMatchObject({
      message: 'The backup codes could not be written.',
      advice: [{ do: 'tfa', step: 'regen-codes' }],
    });
  });

  it('may be missing from the response', async () => {
    const none = async () => ({ value: { backup_codes: null }, raw: {} });
    expect(await codesResult(undefined, {}, none)).toEqual({
      document: { backup_codes: null },
      raw: {},
      human: [],
      remarks: [],
    });
    await withCodesFile(path(), async (file) => codesResult(file, {}, none));
    expect(existsSync(path())).toBe(false);
  });

  it('are written to a new file that only the user can read', async () => {
    const result = await withCodesFile(path(), async (file) => {
      expect(readFileSync(path(), 'utf8')).toBe('');
      return codesResult(file, { more: { method: 'totp' } }, got);
    });
    expect(result).toEqual({
      document: { method: 'totp', backup_codes: null, file: path() },
      human: [],
      remarks: [
        {
          kind: 'note',
          text: `The 2 backup codes are in ${path()}. Each works once; older ones no longer work.`,
        },
      ],
    });
    expect(readFileSync(path(), 'utf8')).toBe('aaaa-1111\nbbbb-2222\n');
    if (process.platform !== 'win32') expect(statSync(path()).mode & 0o777).toBe(0o600);
  });

  it('are printed if the file can no longer be written', async () => {
    const broken = {
      path: path(),
      write: async () => {
        throw new VastaiError('storage', 'The disk is full.');
      },
      discard: async () => {
        throw new Error('x');
      },
    };
    expect(await codesResult(broken, {}, got)).toMatchObject({
      document: { backup_codes: CODES },
      human: [line('aaaa-1111'), line('bbbb-2222')],
      remarks: [{ kind: 'warning', text: 'The disk is full.' }, KEEP],
    });
    const bug = { ...broken, write: async () => Promise.reject(new TypeError('a bug')) };
    expect((await codesResult(bug, {}, got)).remarks).toEqual([KEEP]);
  });

  it('do not need a file', async () => {
    expect(await withCodesFile(undefined, async (file) => file)).toBeUndefined();
  });

  it('never replace a file, and leave none behind after a failure', async () => {
    const hint = 'Choose a new file with --codes-file.';
    writeFileSync(path(), 'mine');
    await expect(withCodesFile(path(), async () => 1)).rejects.toMatchObject({
      code: 'usage',
      message: `${path()} already exists. It was not changed.`,
      hint,
    });
    expect(readFileSync(path(), 'utf8')).toBe('mine');
    const nowhere = join(folder, 'no', 'codes');
    await expect(withCodesFile(nowhere, async () => 1)).rejects.toMatchObject({
      code: 'usage',
      message: `Cannot write ${nowhere}: the folder does not exist.`,
      hint,
    });
    await expect(withCodesFile('', async () => 1)).rejects.toThrow('The name of the file is empty.');
    rmSync(path());
    await expect(
      withCodesFile(path(), async () => {
        throw new Error('it failed');
      }),
    ).rejects.toThrow('it failed');
    await expect(
      withCodesFile(undefined, async () => {
        throw new Error('it failed');
      }),
    ).rejects.toThrow('it failed');
    expect(existsSync(path())).toBe(false);
  });
});
