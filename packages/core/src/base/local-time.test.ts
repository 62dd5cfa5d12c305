import { afterEach, expect, it } from 'vitest';
import { localTime } from './local-time.js';

const zone = process.env.TZ;
afterEach(() => {
  if (zone === undefined) delete process.env.TZ;
  else process.env.TZ = zone;
});

it.each([
  ['UTC', '2026-01-31 13:05:10 (UTC)'],
  ['Europe/Berlin', '2026-01-31 14:05:10 (UTC+01:00)'],
  ['Asia/Kathmandu', '2026-01-31 18:50:10 (UTC+05:45)'],
  ['America/St_Johns', '2026-01-31 09:35:10 (UTC-03:30)'],
])('a time is that of the zone %s', (name, text) => {
  process.env.TZ = name;
  expect(localTime(1769864710.9)).toBe(text);
});
