import { createHmac, randomBytes } from 'node:crypto';

const SALT = /^[0-9a-f]{32}$/u;

/** Returns a new random salt of 16 bytes, in hexadecimal. */
export function newSalt(): string {
  return randomBytes(16).toString('hex');
}

/**
 * Returns a keyed hash by which a key is known again and cannot be found out: `hmac-sha256:SALT:HASH`, the form in which
 * the settings of vastai have it.
 *
 * @param salt 16 bytes in hexadecimal
 */
export function fingerprintOf(key: string, salt: string): string {
  if (!SALT.test(salt)) throw new Error('A salt has 32 hexadecimal digits.');
  const hash = createHmac('sha256', Buffer.from(salt, 'hex')).update(key).digest('hex');
  return `hmac-sha256:${salt}:${hash}`;
}
