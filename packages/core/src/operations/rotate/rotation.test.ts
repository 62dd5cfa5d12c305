import { describe, expect, it } from 'vitest';
import { useHome } from '../../../test/support/home.js';
import { keyOf } from '../../../test/support/keys.js';
import { VastaiError } from '../../base/errors.js';
import { fingerprintOf } from '../../secrets/fingerprint.js';
import type { ExpiryEntry, LedgerEntry, RotationEntry } from '../ledger/entries.js';
import { changeLedger, ledgerTime, readLedger } from '../ledger/ledger.js';
import { hasNewKey, isKeptLonger, isRotationOf } from './rotate.js';
import { adviceToFinish, adviceToResume, closeRotation, leftOpen, type RotationContext } from './rotation.js';

const home = useHome();
const OLD = keyOf('old-key-0123456789abcd');
const NEW = keyOf('new-key-0123456789efgh');
const OTHER = keyOf('other-key-0123456789wx');
const origin = 'https://console.vast.ai';

const rotation = (more: Partial<RotationEntry> = {}): RotationEntry => ({
  kind: 'rotation',
  entry: 'the-rotation',
  origin,
  profile: 'work',
  storage: 'file',
  old: { id: 42, name: 'laptop', fingerprint: fingerprintOf(OLD) },
  new: { name: 'laptop ~k3f9', id: 43, fingerprint: fingerprintOf(NEW) },
  next: 'delete',
  started: 1_790_000_000,
  ...more,
});

describe('continuing a rotation', () => {
  it('is advised for its profile, or for its key', () => {
    const alone = rotation({ profile: null });
    expect(adviceToResume(rotation())).toEqual({ do: 'rotate-key', how: 'resume', profile: 'work' });
    expect(adviceToResume(alone)).toEqual({ do: 'rotate-key', how: 'resume', id: 42 });
    expect(adviceToFinish(rotation())).toEqual({ do: 'rotate-key', how: 'finish', profile: 'work' });
    expect(adviceToFinish(alone)).toEqual({ do: 'rotate-key', how: 'finish', id: 42 });
  });

  const failed = (code: VastaiError['code'], entry: RotationEntry) =>
    leftOpen(new VastaiError(code, 'It failed.', { hint: 'Not this.', advice: [] }), entry, 'So it is.');
  const resume = adviceToResume(rotation());

  it('replaces the advice of an error', () => {
    expect(failed('api_error', rotation())).toMatchObject({
      code: 'api_error',
      message: 'It failed. So it is.',
      hint: '',
      advice: [resume],
    });
  });

  it('needs a login first, if the API asks for a second factor', () => {
    expect(failed('two_factor', rotation()).advice).toEqual([{ do: 'tfa-login', profile: 'work' }, resume]);
    expect(failed('two_factor', rotation({ profile: null })).advice).toHaveLength(1);
  });

  it('is not the only advice if the new key was revoked', () => {
    const save = { do: 'save-key', profile: 'work', purpose: 'If the new key was revoked, save another one' };
    expect(failed('key_rejected', rotation()).advice).toEqual([resume, save]);
    expect(failed('key_rejected', rotation({ next: 'store' })).advice).toEqual([resume]);
    expect(failed('key_rejected', rotation({ profile: null })).advice).toHaveLength(1);
  });
});

describe('closing a rotation', () => {
  it('forgets it, and the expiry date of the deleted key', async () => {
    const expiry = (id: number, more: Partial<ExpiryEntry> = {}): LedgerEntry => ({
      kind: 'expiry',
      entry: `expiry-${id}`,
      origin,
      id,
      name: 'ci',
      expires: 1_800_000_000,
      maker: fingerprintOf(OLD),
      started: 1_790_000_000,
      ...more,
    });
    const other = rotation({ entry: 'another' });
    const kept = [other, expiry(43), expiry(42, { entry: 'elsewhere', origin: 'https://staging.example' })];
    const context = await home.context();
    await changeLedger(context, () => [rotation(), expiry(42), ...kept]);
    await closeRotation(context, rotation(), 42);
    expect(await readLedger(home.paths)).toEqual(kept);
  });
});

describe('the key in use', () => {
  it.each([
    ['the new one by its id', { id: 43, key: OTHER }, true, true],
    ['the new one by its value', { id: 9, key: NEW }, true, true],
    ['the old one by its id', { id: 42, key: OTHER }, false, true],
    ['the old one by its value', { id: 9, key: OLD }, false, true],
    ['another one', { id: 9, key: OTHER }, false, false],
  ])('is %s', (_, used, isNew, isOfRotation) => {
    expect(hasNewKey(rotation(), used)).toBe(isNew);
    expect(isRotationOf(rotation(), used)).toBe(isOfRotation);
  });

  it('is never the new one of a rotation that printed its key, which any key may continue', () => {
    const printed = rotation({ profile: null, storage: null });
    expect(hasNewKey(printed, { id: 43, key: NEW })).toBe(false);
    expect(isRotationOf(printed, { id: 9, key: OTHER })).toBe(true);
  });
});

describe('the old key is kept', () => {
  const context = (id: number, grace?: number) => ({ id, key: OTHER, grace }) as unknown as RotationContext;
  const now = ledgerTime();

  it.each([
    ['for its grace period, once the new one is saved', 43, undefined, now + 1000, true],
    ['no longer than that', 43, undefined, now - 1, false],
    ['no longer than that, even with --grace now', 43, 1000, now - 1, false],
    ['with --grace now', 43, 1000, undefined, true],
    ['not without a grace period', 43, undefined, undefined, false],
    ['before the new one is saved, if it had a grace period', 42, undefined, now - 1, true],
    ['before the new one is saved, with --grace now', 42, 1000, undefined, true],
    ['before the new one is saved, not without a grace period', 42, undefined, undefined, false],
  ])('%s', (_, id, grace, until, isKept) => {
    const entry = rotation(until === undefined ? {} : { finish_after: until });
    expect(isKeptLonger(entry, context(id, grace))).toBe(isKept);
  });
});
