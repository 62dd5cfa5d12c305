import { describe, expect, it } from 'vitest';
import { fits, shortName, unfitError } from './fit.js';

const plugin = (range?: unknown) => ({
  name: 'vastai-machines',
  version: '1.2.3',
  ...(range === undefined ? {} : { engines: { 'vastai-cli': range } }),
});

describe('fits', () => {
  it.each([
    ['^1.0.0', '1.4.0', true],
    ['^1.0.0', '2.0.0', false],
    ['^0.1.0', '0.2.0', false],
    ['^0.1.0', '0.1.9', true],
    ['^1.0.0', '1.5.0-beta.1', true],
    ['*', '3.0.0', true],
    ['', '3.0.0', true],
    ['nonsense', '1.0.0', false],
    [5, '1.0.0', false],
    [undefined, '1.0.0', true],
  ])('%j and %s: %j', async (range, version, expected) => {
    expect(fits(plugin(range), version)).toBe(expected);
  });
});

describe('unfitError', () => {
  it('says to install the matching version of an official plugin', async () => {
    const error = unfitError({ ...plugin('^2.0.0'), name: '@vastai-cli/plugin-keys' }, '1.0.0');
    expect(error).toMatchObject({
      code: 'usage',
      hint: expect.stringContaining('vastai plugins install keys'),
    });
  });
});

describe('shortName', () => {
  it('is what a person types', () => {
    expect(shortName('@vastai-cli/plugin-keys')).toBe('keys');
    expect(shortName('vastai-machines')).toBe('vastai-machines');
  });
});
