import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { FOUND, receipts } from '../../../test/support/migrations.js';
import { KEYCHAIN, useTwoStores } from '../../../test/support/two-stores.js';
import { migrate } from './migrate.js';
import { undoMigration } from './undo.js';

const home = useHome();
const { open, file, entry, recorded, keys } = useTwoStores(home);
const KEY = 'own-key-0123456789abcd';
const OTHER = 'other-key-0123456789wxyz';

describe('undoing a move', () => {
  it('moves the key back, and forgets the receipt', async () => {
    home.put(file(), KEY);
    await migrate(await open(), { to: 'keychain' });
    const back = { step: 'between-stores', action: 'move', from: KEYCHAIN, to: file(), note: FOUND };
    expect(await undoMigration(await open(), true)).toEqual([back]);
    expect(await keys()).toEqual([undefined, KEY]);
    expect(await undoMigration(await open(), false)).toEqual([back]);
    expect(await keys()).toEqual([KEY, undefined]);
    expect(receipts(home)).toEqual([]);
    expect(await undoMigration(await open(), false)).toEqual([]);
  });

  it('moves it back into the keychain', async () => {
    home.put(entry(), KEY);
    await recorded({ storage: 'keychain' });
    await migrate(await open(), { to: 'file' });
    expect(await undoMigration(await open(), false)).toMatchObject([{ from: file(), to: KEYCHAIN }]);
    expect(await keys()).toEqual([undefined, KEY]);
  });

  it('undoes the last move of the profile, and no other profile’s', async () => {
    home.put(file(), KEY);
    await migrate(await open(), { to: 'keychain' });
    await migrate(await open(), { to: 'file' });
    const [first, second] = readdirSync(home.paths.receiptsFolder).sort();
    const of = (name = '') => join(home.paths.receiptsFolder, name);
    const text = readFileSync(of(second), 'utf8');
    writeFileSync(of('zzz.json'), text.replace('"profile": "default"', '"profile": "work"'));
    writeFileSync(of('.zzz.json'), 'a temporary file');
    writeFileSync(of('zzz.txt'), 'a note');
    expect(await undoMigration(await open(), false)).toMatchObject([{ from: file(), to: KEYCHAIN }]);
    expect(readdirSync(home.paths.receiptsFolder).sort()).toEqual([
      '.zzz.json',
      first,
      'zzz.json',
      'zzz.txt',
    ]);
    expect(await undoMigration(await open(), false)).toMatchObject([{ from: KEYCHAIN, to: file() }]);
  });

  it('keeps the receipt while a different key is in the way, unless forced', async () => {
    home.put(file(), KEY);
    await migrate(await open(), { to: 'keychain' });
    home.put(file(), OTHER);
    expect(await undoMigration(await open(), false)).toMatchObject([{ action: 'report' }]);
    expect(receipts(home)).toHaveLength(1);
    expect(await undoMigration(await open(), false, true)).toMatchObject([{ action: 'move' }]);
    expect(receipts(home)).toEqual([]);
  });

  it('leaves a copy elsewhere alone if the key is already back', async () => {
    home.put(file(), KEY);
    await migrate(await open(), { to: 'keychain' });
    home.put(file(), KEY);
    await recorded({ storage: 'file' });
    expect(await undoMigration(await open(), false)).toEqual([]);
    expect(await keys()).toEqual([KEY, KEY]);
    expect(receipts(home)).toEqual([]);
  });

  it.each([
    ['that is not JSON', '{'],
    ['that is an array', '[]'],
    ['of another version', { version: 2 }],
    ['without a profile', { profile: 7 }],
    ['without changes', { changes: {} }],
    ['with a change that is null', { changes: [null] }],
    ['with a change without a note', { changes: [{ step: 'a', action: 'b', from: 'c', to: 'd' }] }],
    [
      'with one complete and one incomplete change',
      { changes: [{ step: 'a', action: 'b', from: 'c', to: 'd', note: 'e' }, { step: 7 }] },
    ],
  ])('is refused for a receipt %s', async (_, content) => {
    home.put(file(), KEY);
    await migrate(await open(), { to: 'keychain' });
    const [name = ''] = readdirSync(home.paths.receiptsFolder);
    const path = home.paths.receiptFile(name);
    const whole = JSON.parse(readFileSync(path, 'utf8'));
    writeFileSync(path, typeof content === 'string' ? content : JSON.stringify({ ...whole, ...content }));
    await expect(undoMigration(await open(), false)).rejects.toMatchObject({
      code: 'storage',
      message: `${path} is not a valid receipt.`,
      hint: 'Remove it; only --undo uses it.',
    });
  });

  it('has nothing to do for a receipt of another step', async () => {
    home.put(file(), KEY);
    await migrate(await open(), { to: 'keychain' });
    const [name = ''] = readdirSync(home.paths.receiptsFolder);
    const path = home.paths.receiptFile(name);
    writeFileSync(path, readFileSync(path, 'utf8').replace('"between-stores"', '"legacy-file"'));
    expect(await undoMigration(await open(), false)).toEqual([]);
  });
});
