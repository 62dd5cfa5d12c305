/** The first bytes of archives and compressed files, as file(1) knows them. */
const BEGINNINGS = [
  '504b0304', // zip, and what is one: jar, docx, whl
  '1f8b08', // gzip
  '425a68', // bzip2
  'fd377a585a00', // xz
  '28b52ffd', // zstd
  '377abcaf271c', // 7z
  '526172211a07', // rar
].map((hex) => Buffer.from(hex, 'hex'));

const TAR = Buffer.from('ustar');
const TAR_AT = 257;

/** Returns true for an archive or a compressed file, which is named and not opened. */
export function isArchive(bytes: Uint8Array): boolean {
  const starts = (start: Uint8Array, at: number) => start.every((byte, index) => bytes[at + index] === byte);
  return BEGINNINGS.some((beginning) => starts(beginning, 0)) || starts(TAR, TAR_AT);
}
