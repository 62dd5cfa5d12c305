import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { forgetGone, noteExpiry, readExpiries } from './expiries.js';
import { readLedger } from './ledger.js';

const home = useHome();
const maker = keyOf('a-key-0123456789abcdef');
const other = keyOf('b-key-0123456789abcdef');
const origin = 'https://console.vast.ai';
const elsewhere = 'https://example.com';

const note = async (id: number, more = {}) =>
  noteExpiry(
    await home.context(),
    { id, name: 'ci', expires: 1_800_000_000 + id },
    { origin, maker, ...more },
  );

const noted = async () => [...(await readExpiries(home.paths, origin)).keys()];

describe('expiry dates', () => {
  it('are kept for each API, without the key that made them', async () => {
    expect(await noted()).toEqual([]);
    await note(1);
    await note(2, { origin: elsewhere });
    expect(await readExpiries(home.paths, origin)).toEqual(new Map([[1, 1_800_000_001]]));
    expect(await readExpiries(home.paths, elsewhere)).toEqual(new Map([[2, 1_800_000_002]]));
    expect(JSON.stringify(await home.files())).not.toContain(maker.reveal());
  });

  it('are forgotten for keys that were deleted, and no others', async () => {
    await note(1);
    await note(2);
    await note(1, { origin: elsewhere });
    await forgetGone(await home.context(), { origin, deleted: [1, 9] });
    expect(await noted()).toEqual([2]);
    expect([...(await readExpiries(home.paths, elsewhere)).keys()]).toEqual([1]);
  });

  it('are forgotten for keys that their maker no longer lists, since only it knows the account', async () => {
    await note(1);
    await note(2);
    await note(3, { maker: other });
    const listed = { by: maker, ids: new Set([2]) };
    await forgetGone(await home.context(), { origin, deleted: [], listed });
    expect(await noted()).toEqual([2, 3]);
  });

  it('of a key with a long name or an impossible id leave the ledger valid', async () => {
    const context = await home.context();
    const name = '😀'.repeat(2000);
    await noteExpiry(context, { id: 1, name, expires: 1_800_000_000 }, { origin, maker });
    const impossible = noteExpiry(context, { id: 0, name: 'ci', expires: 1_800_000_000 }, { origin, maker });
    await expect(impossible).rejects.toMatchObject({ code: 'storage' });
    expect(await noted()).toEqual([1]);
  });

  it('leave no file where there is nothing to forget', async () => {
    await forgetGone(await home.context(), { origin, deleted: [1] });
    expect(await home.files()).toEqual({});
    expect(await readLedger(home.paths)).toEqual([]);
  });
});
