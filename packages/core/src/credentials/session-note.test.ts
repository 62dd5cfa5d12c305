import { describe, expect, it } from 'vitest';
import { keyOf } from '../../test/support/keys.js';
import type { ProfileRecord } from '../config/settings.js';
import { fingerprintOf } from '../secrets/fingerprint.js';
import { notedSession } from './session-note.js';

const NOTE = {
  storage: 'file',
  key_hash: fingerprintOf(keyOf('own-key-0123456789abcd')),
  url: 'https://console.vast.ai',
} as const;

const read = (tfa_session: unknown) => notedSession({ tfa_session } as unknown as ProfileRecord);

describe('the record of a two-factor session', () => {
  it.each([NOTE, { ...NOTE, storage: 'keychain' }, { ...NOTE, ends: 1_800_000_000 }])('may be %j', (note) => {
    expect(read(note)).toEqual(note);
    expect(read({ ...note, more: 1 })).toEqual(note);
  });

  it.each([
    undefined,
    null,
    [],
    'file',
    { ...NOTE, storage: 'command' },
    { ...NOTE, storage: undefined },
    { ...NOTE, key_hash: 'x' },
    { ...NOTE, key_hash: undefined },
    { ...NOTE, url: 'nowhere' },
    { ...NOTE, url: undefined },
    { ...NOTE, url: 7 },
    { ...NOTE, url: ['https://console.vast.ai'] },
  ])('is ignored if it is not valid: %j', (note) => {
    expect(read(note)).toBeUndefined();
    expect(notedSession(undefined)).toBeUndefined();
  });

  it.each(['1', 1.5, null, 2 ** 60])('ignores an end that is not a time: %j', (ends) => {
    expect(read({ ...NOTE, ends })).toEqual(NOTE);
  });
});
