import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApiKey } from '@vastai-cli/core/internal/base/api-key';
import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { pathsOf } from '@vastai-cli/core/internal/config/paths';
import type { Context } from '@vastai-cli/core/internal/credentials/context';
import { unsavedKeys } from '@vastai-cli/core/internal/credentials/unsaved-key';
import { noteExpiry, readExpiries } from '@vastai-cli/core/internal/operations/ledger/expiries';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { forgetDeleted } from './forget-deleted.js';
import { keepUnprinted } from './unprinted-key.js';
import { withNotice } from './with-notice.js';

const KEY = ApiKey.parse('new-key-0123456789abcdef') as ApiKey;
const ERROR = new VastaiError('internal', 'It could not be printed.');

let home = '';
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'vastai-keys-'));
});
afterEach(() => rmSync(home, { recursive: true }));
const paths = () => pathsOf({}, home);

describe('a key that could not be printed', () => {
  it('is saved in a file, and the error says where, and how to delete the key', async () => {
    const key = { key: KEY, name: 'ID-42', deletion: 'vastai delete api-key 42' };
    const { message, hint } = await keepUnprinted(ERROR, key, paths());
    const [{ path } = { path: '' }] = await unsavedKeys(paths());
    expect(readFileSync(path, 'utf8')).toBe(`${KEY.reveal()}\n`);
    expect(message).toBe(`It could not be printed. It is in ${path}.`);
    expect(hint).toBe(
      `Store the key where you need it, then remove the file: rm ${path}\nDelete the key: vastai delete api-key 42`,
    );
  });

  it('stays in the file it is already in', async () => {
    const kept = { path: '/a file', remove: async () => {} };
    const { message, hint } = await keepUnprinted(ERROR, { key: KEY, kept, name: 'x' }, paths());
    expect(message).toBe('It could not be printed. It is in /a file.');
    expect(hint).toBe("Store the key where you need it, then remove the file: rm '/a file'");
    expect(await unsavedKeys(paths())).toEqual([]);
  });

  it('is lost if the file cannot be written', async () => {
    writeFileSync(join(home, '.config'), 'not a folder');
    const lost = { key: KEY, name: 'x' };
    expect(await keepUnprinted(ERROR, lost, paths())).toMatchObject({
      message: 'It could not be printed. It is lost.',
      hint: 'The old key no longer works. Create a new one at https://cloud.vast.ai/manage-keys/',
    });
    expect(
      await keepUnprinted(ERROR, { ...lost, deletion: 'vastai delete api-key 42' }, paths()),
    ).toMatchObject({
      hint: 'Delete the key: vastai delete api-key 42',
    });
  });
});

describe('keys that were deleted', () => {
  const context = (origin: string) => ({ paths: paths(), url: new URL(origin) }) as Context;
  const origin = 'https://console.vast.ai';

  it('are removed from the ledger of their API', async () => {
    const key = { id: 42, name: 'ci', expires: 1_800_000_000 };
    await noteExpiry({ paths: paths() }, key, { origin, maker: KEY });
    const warnings: string[] = [];
    await forgetDeleted(context('https://staging.example'), [42], (text) => warnings.push(text));
    expect((await readExpiries(paths(), origin)).size).toBe(1);
    await forgetDeleted(context(origin), [42], (text) => warnings.push(text));
    expect((await readExpiries(paths(), origin)).size).toBe(0);
    expect(warnings).toEqual([]);
  });

  it('cause only a warning if the ledger cannot be written', async () => {
    await noteExpiry({ paths: paths() }, { id: 42, name: 'ci', expires: 1 }, { origin, maker: KEY });
    writeFileSync(paths().ledgerFile, '{');
    const warnings: string[] = [];
    await forgetDeleted(context(origin), [42], (text) => warnings.push(text));
    expect(warnings).toEqual([
      `The notes about the deleted keys could not be removed. ${paths().ledgerFile} is not valid JSON.`,
    ]);
    const broken = { ...context(origin), paths: { ...paths(), ledgerFile: 7 as unknown as string } };
    await expect(forgetDeleted(broken, [42], () => {})).rejects.toThrow(TypeError);
  });
});

describe('a notice about a signal', () => {
  it('is given if the signal comes before or during the work, but not afterwards', async () => {
    const controller = new AbortController();
    let notices = 0;
    const count = () => {
      notices += 1;
    };
    expect(await withNotice(controller.signal, count, async () => 'done')).toBe('done');
    expect(notices).toBe(0);
    await withNotice(controller.signal, count, async () => controller.abort());
    expect(notices).toBe(1);
    await withNotice(controller.signal, count, async () => {});
    expect(notices).toBe(2);
    const other = new AbortController();
    await withNotice(other.signal, count, async () => {});
    await expect(
      withNotice(other.signal, count, async () => {
        throw new Error('x');
      }),
    ).rejects.toThrow('x');
    other.abort();
    expect(notices).toBe(2);
  });
});
