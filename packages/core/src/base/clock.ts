/**
 * Returns the milliseconds of a clock that never goes back. `performance.now()` is the same, and takes most of a
 * millisecond to load.
 */
export function monotonicNow(): number {
  return Number(process.hrtime.bigint()) / 1e6;
}
