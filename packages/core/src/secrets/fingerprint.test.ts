import { describe, expect, it } from 'vitest';
import { keyOf } from '../../test/support/keys.js';
import { fingerprintOf, isFingerprint, matchesFingerprint } from './fingerprint.js';

const KEY = keyOf('a-key-0123456789abcdef');
const ZERO = `hmac-sha256:${'0'.repeat(32)}:${'0'.repeat(64)}`;
const OTHER = keyOf('b-key-0123456789abcdef');

describe('a fingerprint', () => {
  it('matches its key and no other', () => {
    const fingerprint = fingerprintOf(KEY);
    expect(matchesFingerprint(fingerprint, KEY)).toBe(true);
    expect(matchesFingerprint(fingerprint, OTHER)).toBe(false);
  });

  it('differs each time, and contains nothing of the key', () => {
    const [one, other] = [fingerprintOf(KEY), fingerprintOf(KEY)];
    expect(one).not.toBe(other);
    for (const fingerprint of [one, other]) {
      expect(isFingerprint(fingerprint)).toBe(true);
      expect(fingerprint).not.toContain(KEY.suffix);
      expect(fingerprint).not.toContain(KEY.reveal());
    }
  });

  it('is the HMAC of RFC 2104 with the salt as its key', () => {
    expect(fingerprintOf(KEY, '00'.repeat(16))).toBe(
      'hmac-sha256:00000000000000000000000000000000:275d12bb45ec57f4a23935ee1a599154b57aede30dd9b97087e4fbb99bf8fca4',
    );
  });

  it.each([
    undefined,
    null,
    7,
    {},
    '',
    'hmac-sha256::',
    'hmac-sha256:00:00',
    [ZERO],
    `x${ZERO}`,
    `${ZERO}0`,
    `md5:${'0'.repeat(32)}:${'0'.repeat(64)}`,
  ])('that is not one matches no key: %j', (value) => {
    expect(isFingerprint(value)).toBe(false);
    expect(matchesFingerprint(value, KEY)).toBe(false);
  });
});
