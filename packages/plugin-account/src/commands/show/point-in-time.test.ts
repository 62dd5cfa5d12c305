import { describe, expect, it } from 'vitest';
import { parsePast } from './point-in-time.js';

const NOW = 1_800_000_000;

describe('parsePast', () => {
  it.each([
    ['0s', NOW],
    ['90m', NOW - 5400],
    ['7d', NOW - 604_800],
    ['2026-01-31', 1_769_817_600],
    ['2026-01-31T12:00Z', 1_769_860_800],
    ['2026-01-31T12:00:30+01:00', 1_769_857_230],
  ])('reads %s', (text, seconds) => {
    expect(parsePast(text, NOW, '--since')).toBe(seconds);
  });

  it.each(['', '7', '-7d', 'yesterday', '2026-13-01', '2026-01-31T12:00', '31.1.2026', '2026'])(
    'rejects %j',
    (text) => {
      expect(() => parsePast(text, NOW, '--since')).toThrow('--since must be a duration or a date.');
    },
  );
});
