import { describe, expect, it } from 'vitest';
import { STYLED, UNSTYLED } from './styles.js';

describe('styles', () => {
  it('are added to each line on its own, or not at all', () => {
    expect(STYLED.red('a\nb')).toBe('\u001b[31ma\u001b[39m\n\u001b[31mb\u001b[39m');
    expect(STYLED.contrast('a')).toBe('\u001b[97m\u001b[40ma\u001b[49m\u001b[39m');
    expect(UNSTYLED.red('a\nb')).toBe('a\nb');
    const names = ['bold', 'contrast', 'cyan', 'dim', 'green', 'magenta', 'red', 'yellow'];
    expect(Object.keys(STYLED)).toEqual(names);
    expect(Object.keys(UNSTYLED)).toEqual(names);
  });
});
