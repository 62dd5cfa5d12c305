import { describe, expect, it } from 'vitest';
import { shownSource } from './shown-source.js';

describe('shownSource', () => {
  it.each([
    ['https://me:token@example.com/a.tgz?sig=1', 'https://example.com/a.tgz'],
    ['git+ssh://git@example.com/a.git#v1', 'git+ssh://example.com/a.git#v1'],
    ['file:/home/you/a.tgz', 'file:/home/you/a.tgz'],
    ['vastai-machines@1.0.0', 'vastai-machines@1.0.0'],
  ])('%s is shown as %s', (address, shown) => {
    expect(shownSource(address)).toBe(shown);
  });
});
