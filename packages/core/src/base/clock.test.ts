import { expect, it } from 'vitest';
import { monotonicNow } from './clock.js';

it('the clock counts milliseconds, and never goes back', () => {
  const before = process.hrtime.bigint();
  const now = monotonicNow();
  const after = process.hrtime.bigint();
  expect(now).toBeGreaterThanOrEqual(Number(before) / 1e6);
  expect(now).toBeLessThanOrEqual(Number(after) / 1e6);
});
