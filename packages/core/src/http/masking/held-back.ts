/** Limits the search for the end of held-back text, in bytes. */
const SEAM = 512;

/** Reads bytes that follow on what was held back, and returns what is certain of both. */
type Read = (bytes: Buffer) => readonly Uint8Array[];

/**
 * Joins a piece to what was held back before it. Only its beginning is copied, up to a byte behind which nothing is held back:
 * copying takes longer than all else that is done to a piece.
 *
 * @param held returns what is held back now
 * @param isEnd returns true for a byte behind which nothing is held back
 */
export function readJoined(
  held: () => Uint8Array,
  piece: Uint8Array,
  isEnd: (byte: number) => boolean,
  read: Read,
): readonly Uint8Array[] {
  const before = held();
  if (before.length === 0) return read(asBuffer(piece));
  const end = piece.subarray(0, SEAM).findIndex(isEnd) + 1;
  if (end === 0 || end === piece.length) return read(Buffer.concat([before, piece]));
  const seam = read(Buffer.concat([before, piece.subarray(0, end)]));
  const rest = piece.subarray(end);
  const between = held();
  return [...seam, ...read(between.length === 0 ? asBuffer(rest) : Buffer.concat([between, rest]))];
}

/** Returns the same bytes as a buffer. */
export function asBuffer({ buffer, byteOffset, length }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, length);
}
