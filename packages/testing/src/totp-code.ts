import { createHmac } from 'node:crypto';

/** Computes the code that an app shows at a time, in seconds since 1970 (RFC 6238: SHA-1, 30 seconds, six digits). */
export function totpCode(secret: string, now: number): string {
  let value = 0n;
  for (const letter of secret)
    value = value * 32n + BigInt('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'.indexOf(letter));
  const bytes = Math.floor((secret.length * 5) / 8);
  const key = Buffer.from(
    (value >> BigInt((secret.length * 5) % 8)).toString(16).padStart(bytes * 2, '0'),
    'hex',
  );
  const step = Buffer.from(
    Math.floor(now / 30)
      .toString(16)
      .padStart(16, '0'),
    'hex',
  );
  const hash = createHmac('sha1', key).update(step).digest();
  const at = (hash[19] as number) & 0xf;
  const number = ((hash[at] as number) & 0x7f) * 2 ** 24 + hash.readUIntBE(at + 1, 3);
  return String(number % 1_000_000).padStart(6, '0');
}
