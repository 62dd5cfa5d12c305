const DAY = 86_400;
/** The last second of the year 9999. A date after it cannot be meant. */
const LATEST = 253_402_300_799;

/** Returns a time of the API in seconds since 1970: a number of seconds, or a date. Null if it is neither. */
export function secondsOf(time: string | number | null): number | null {
  const seconds = typeof time === 'string' ? Date.parse(time) / 1000 : (time ?? Number.NaN);
  return seconds >= 0 && seconds <= LATEST ? seconds : null;
}

/** Returns the day of a time in seconds since 1970, such as `2026-11-20`. */
export function dayOf(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** Returns an age in whole days, such as `12d`. A time in the future has the age 0. */
export function ageOf(createdAt: number, now: number): string {
  return `${Math.max(0, Math.floor((now - createdAt) / DAY))}d`;
}
