import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import type { ApiKey } from '../base/api-key.js';

/** Form of a fingerprint. The salt has 16 bytes, the hash 32. */
const FORM = /^hmac-sha256:([0-9a-f]{32}):([0-9a-f]{64})$/u;

/**
 * Returns a keyed hash of a key with a random salt, by which vastai knows the key again without keeping it:
 * `hmac-sha256:SALT:HASH`. Two fingerprints of one key differ; compare them with `matchesFingerprint`.
 *
 * @param salt 16 bytes in hexadecimal; by default, new random ones
 */
export function fingerprintOf(key: ApiKey, salt: string = randomBytes(16).toString('hex')): string {
  const hash = createHmac('sha256', Buffer.from(salt, 'hex')).update(key.reveal()).digest('hex');
  return `hmac-sha256:${salt}:${hash}`;
}

/** Returns true if the fingerprint was made from this key. Anything that is not a fingerprint matches no key. */
export function matchesFingerprint(fingerprint: unknown, key: ApiKey): boolean {
  const salt = isFingerprint(fingerprint) ? FORM.exec(fingerprint)?.[1] : undefined;
  if (salt === undefined) return false;
  return timingSafeEqual(Buffer.from(fingerprintOf(key, salt)), Buffer.from(fingerprint as string));
}

/** Returns true for a string that `fingerprintOf` can have returned. */
export function isFingerprint(value: unknown): value is string {
  return typeof value === 'string' && FORM.test(value);
}
