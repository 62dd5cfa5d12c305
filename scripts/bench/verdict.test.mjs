import { expect, it } from 'vitest';
import { judge, written } from './verdict.mjs';

const row = { limit: 2, aim: 1.6 };

it.for([
  [1.2, 'aim'],
  [1.6, 'aim'],
  [1.604, 'aim'],
  [1.606, 'limit'],
  [2, 'limit'],
  [2.004, 'limit'],
  [2.006, 'missed'],
  [9, 'missed'],
])('judges %d as it is written: %s', ([ratio, verdict]) => {
  expect(judge(ratio, row)).toBe(verdict);
});

it('does not judge what is only there to compare with', () => {
  expect(judge(3, {})).toBeUndefined();
});

it('writes two places', () => {
  expect([written(1), written(1.046), written(12.3)]).toEqual(['1.00', '1.05', '12.30']);
});
