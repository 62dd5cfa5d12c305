const HEAD = 8000;

type Encoding = 'utf-8' | 'utf-16le' | 'utf-16be';

/** Returns the encoding of a file by its first bytes: its byte order mark, or the zero bytes of UTF-16 without one. */
export function encodingOf(head: Uint8Array): Encoding {
  if (head[0] === 0xff && head[1] === 0xfe) return 'utf-16le';
  if (head[0] === 0xfe && head[1] === 0xff) return 'utf-16be';
  if (!hasZero(head)) return 'utf-8';
  const pairs = Math.min(head.length, HEAD) >> 1;
  let [even, odd] = [0, 0];
  for (let pair = 0; pair < pairs; pair++) {
    if (head[2 * pair] === 0) even++;
    if (head[2 * pair + 1] === 0) odd++;
  }
  // Nearly every second byte of text in a Latin script is zero, and hardly any of the others.
  const [most, few] = [pairs * 0.7, pairs * 0.05];
  if (pairs > 1 && odd > most && even <= few) return 'utf-16le';
  return pairs > 1 && even > most && odd <= few ? 'utf-16be' : 'utf-8';
}

/** Returns true if a file is not text: it has a zero byte in its first 8000 bytes, and is not UTF-16. */
export function isBinary(head: Uint8Array): boolean {
  return hasZero(head) && encodingOf(head) === 'utf-8';
}

/** Searches the head for a zero byte. A Buffer does this faster than a Uint8Array. */
function hasZero(head: Uint8Array): boolean {
  return Buffer.from(head.buffer, head.byteOffset, Math.min(head.length, HEAD)).includes(0);
}
