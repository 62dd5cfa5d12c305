import { describe, expect, it } from 'vitest';
import { progressText } from './delete-keys.js';

describe('progressText', () => {
  it('shows the progress, and the time left once the pace is known', () => {
    expect(progressText(0, 200, 0)).toBe('Deleting API keys: 0 of 200');
    expect(progressText(2, 200, 2_000)).toBe('Deleting API keys: 2 of 200');
    expect(progressText(3, 200, 6_000)).toBe('Deleting API keys: 3 of 200, about 7 min left');
    expect(progressText(160, 200, 320_000)).toBe('Deleting API keys: 160 of 200, about 80 s left');
  });

  it('does not show a time of less than two seconds', () => {
    expect(progressText(199, 200, 199_000)).toBe('Deleting API keys: 199 of 200');
    expect(progressText(5, 9, 50)).toBe('Deleting API keys: 5 of 9');
  });
});
