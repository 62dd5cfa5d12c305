import { describe, expect, it } from 'vitest';
import { OFFICIAL_COMMANDS, withinTwoLetters } from './official-commands.js';

describe('the commands of the official CLI', () => {
  it('are sorted, and include those that call no API', () => {
    expect([...OFFICIAL_COMMANDS].sort()).toEqual(OFFICIAL_COMMANDS);
    for (const one of [
      'get endpt-logs',
      'get endpt-workers',
      'get wrkgrp-logs',
      'run benchmarks',
      'uninstall',
      'update',
      'update workers',
      'search offers',
    ])
      expect(OFFICIAL_COMMANDS).toContain(one);
  });

  it('are suggested for a typo', () => {
    expect(withinTwoLetters('serach', ['search', 'show'])).toBe('search');
    expect(withinTwoLetters('srh', ['search', 'show'])).toBeUndefined();
  });
});
