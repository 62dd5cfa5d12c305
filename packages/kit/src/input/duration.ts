const SECONDS = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 } as const;

/** Parses a duration such as `90d` or `12h`: a whole number and s, m, h, d or w. Returns seconds, or undefined. */
export function parseDuration(text: string): number | undefined {
  const [, number = '', unit] = /^(\d{1,6})([smhdw])$/.exec(text) ?? [];
  return unit === undefined ? undefined : Number(number) * SECONDS[unit as keyof typeof SECONDS];
}
