/**
 * The command prefix that makes a program subject to file modes even if root runs the tests, on Linux. Empty for other
 * users, since only root can ignore file modes.
 */
export const AS_ANYBODY: readonly string[] =
  process.platform === 'linux' && process.getuid?.() === 0
    ? ['setpriv', '--bounding-set', '-dac_override,-dac_read_search']
    : [];
