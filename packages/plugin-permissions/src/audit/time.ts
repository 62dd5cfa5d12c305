const DAY = 86_400;

/** Returns an age in whole days, such as `12d`. A time in the future has the age 0. */
export function ageOf(createdAt: number, now: number): string {
  return `${Math.max(0, Math.floor((now - createdAt) / DAY))}d`;
}

/** Returns how long ago something was, such as `today` or `12d ago`: short enough for a narrow table. */
export function sinceThen(time: number, now: number): string {
  const age = ageOf(time, now);
  return age === '0d' ? 'today' : `${age} ago`;
}
