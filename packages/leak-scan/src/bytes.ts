export const NEW_LINE = 0x0a;

const ALPHANUMERIC = tableOf('0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ');
const HEX = tableOf('0123456789abcdefABCDEF');

/** Returns true for an ASCII letter or digit. */
export function isAlphanumeric(byte: number | undefined): boolean {
  return byte !== undefined && ALPHANUMERIC[byte] === 1;
}

/** Returns true for a hexadecimal digit. */
export function isHex(byte: number | undefined): boolean {
  return byte !== undefined && HEX[byte] === 1;
}

/** Returns true if a range of bytes consists of hexadecimal digits. */
export function areHex(bytes: Uint8Array, start: number, end: number): boolean {
  for (let at = start; at < end; at++) if (!isHex(bytes[at])) return false;
  return true;
}

/** Makes a table of 256 entries, in which the characters of a string have 1. */
export function tableOf(characters: string): Uint8Array {
  const table = new Uint8Array(256);
  for (const character of characters) table[character.charCodeAt(0)] = 1;
  return table;
}
