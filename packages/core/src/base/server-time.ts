/** The last second of the year 9999. A date after it cannot be meant. */
export const LATEST = 253_402_300_799;

/** Returns a time of the API in seconds since 1970: a number of seconds, or a date. Null if it is neither. */
export function secondsOf(time: string | number | null): number | null {
  const seconds = typeof time === 'string' ? Date.parse(time) / 1000 : (time ?? Number.NaN);
  return seconds >= 0 && seconds <= LATEST ? seconds : null;
}

/** Formats the day of a time in UTC, such as `2026-01-31`. @param seconds since 1970 */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 10);
}
