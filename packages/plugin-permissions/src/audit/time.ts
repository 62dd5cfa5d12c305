const DAY = 86_400;
/** The last second of the year 9999. A date after it cannot be meant. */
const LATEST = 253_402_300_799;

/** Returns a time of the API in seconds since 1970: a number of seconds, or a date. Null if it is neither. */
export function secondsOf(time: string | number | null): number | null {
  const seconds = typeof time === 'string' ? Date.parse(time) / 1000 : (time ?? Number.NaN);
  return seconds >= 0 && seconds <= LATEST ? seconds : null;
}

/** Returns an age in whole days, such as `12d`. A time in the future has the age 0. */
export function ageOf(createdAt: number, now: number): string {
  return `${Math.max(0, Math.floor((now - createdAt) / DAY))}d`;
}

/** Returns how long ago something was, such as `today` or `12d ago`: short enough for a narrow table. */
export function sinceThen(time: number, now: number): string {
  const age = ageOf(time, now);
  return age === '0d' ? 'today' : `${age} ago`;
}
