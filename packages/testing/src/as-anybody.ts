/**
 * Root reads and writes what it likes, whatever the modes say. A program that is started `through` this does
 * not, on Linux; for anybody else it is nothing.
 */
export const AS_ANYBODY: readonly string[] =
  process.platform === 'linux' && process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search']
    : [];
