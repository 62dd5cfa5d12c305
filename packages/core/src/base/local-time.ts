/**
 * Returns a time for people, in the time zone of this machine: `2026-01-31 14:05:10 (UTC+01:00)`.
 *
 * @param seconds since 1970
 */
export function localTime(seconds: number): string {
  const date = new Date(seconds * 1000);
  const offset = -date.getTimezoneOffset();
  const local = new Date((seconds + offset * 60) * 1000).toISOString();
  return `${local.slice(0, 10)} ${local.slice(11, 19)} (UTC${offset === 0 ? '' : offsetText(offset)})`;
}

function offsetText(minutes: number): string {
  const two = (number: number) => String(Math.floor(number)).padStart(2, '0');
  const size = Math.abs(minutes);
  return `${minutes < 0 ? '-' : '+'}${two(size / 60)}:${two(size % 60)}`;
}
