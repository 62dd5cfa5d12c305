import { describe, expect, it } from 'vitest';
import { isTotpCode, newTotpSecret } from './totp.js';

/** “12345678901234567890” in base32: the secret of RFC 6238, appendix B. */
const SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';

describe('a TOTP code', () => {
  it.each([
    [59, '287082'],
    [1111111109, '081804'],
    [1234567890, '005924'],
    [20000000000, '353130'],
  ])('is that of RFC 6238 at %d', (now, code) => {
    expect(isTotpCode(SECRET, code, now)).toBe(true);
  });

  it('is valid half a minute before and after, and no longer', () => {
    expect([-60, -30, 30, 60].map((off) => isTotpCode(SECRET, '081804', 1111111109 + off))).toEqual([
      false,
      true,
      true,
      false,
    ]);
  });

  it('is of a secret that is new each time', () => {
    expect(newTotpSecret()).toMatch(/^[A-Z2-7]{32}$/u);
    expect(newTotpSecret()).not.toBe(newTotpSecret());
  });
});
