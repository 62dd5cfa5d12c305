/**
 * Starts a program for which the modes of files count even when root runs the tests, on Linux. For anybody else it is
 * empty: root alone reads and writes whatever the modes say.
 */
export const AS_ANYBODY: readonly string[] =
  process.platform === 'linux' && process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search']
    : [];
