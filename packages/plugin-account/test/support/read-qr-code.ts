import jsqr from 'jsqr';

/** How many pixels a module is wide: readers want more than one. */
const SCALE = 4;

/** Reads the QR code that a terminal shows as white blocks on black; undefined if there is none. */
export function readQrCode(screen: string): string | undefined {
  const lines = screen.replace(/\u001b\[[\d;]*m/gu, '').split(/\r?\n/u);
  const drawn = lines.filter((line) => /^[█▀▄ ]{20,}$/u.test(line) && /[█▀▄]/u.test(line));
  const rows = drawn.flatMap((line) => [
    Array.from(line, (block) => '█▀'.includes(block)),
    Array.from(line, (block) => '█▄'.includes(block)),
  ]);
  const width = (rows[0]?.length ?? 0) * SCALE;
  const height = rows.length * SCALE;
  if (width === 0) return undefined;
  const pixels = new Uint8ClampedArray(width * height * 4);
  for (let y = 0; y < height; y += 1) {
    for (let x = 0; x < width; x += 1) {
      const isLight = rows[Math.floor(y / SCALE)]?.[Math.floor(x / SCALE)] ?? false;
      pixels.set([isLight ? 255 : 0, isLight ? 255 : 0, isLight ? 255 : 0, 255], (y * width + x) * 4);
    }
  }
  const read = (jsqr as unknown as { default?: typeof jsqr }).default ?? jsqr;
  return read(pixels, width, height)?.data;
}
