import { describe, expect, it } from 'vitest';
import { npmFailure, withFullNames } from './plugin-words.js';

const ALIASES = { keys: '@vastai-cli/plugin-keys' };

describe('withFullNames', () => {
  it.each([
    [
      ['plugins', 'install', 'keys@1.2.3'],
      ['plugins', 'install', '@vastai-cli/plugin-keys@1.2.3'],
    ],
    [
      ['plugins:install', 'keys'],
      ['plugins:install', '@vastai-cli/plugin-keys'],
    ],
    [
      ['plugins', 'add', 'other', 'keys@next'],
      ['plugins', 'add', 'other', '@vastai-cli/plugin-keys@next'],
    ],
    [
      ['plugins', 'install', '@vastai-cli/plugin-keys@1'],
      ['plugins', 'install', '@vastai-cli/plugin-keys@1'],
    ],
    [
      ['plugins', 'install', 'file:/keys@1.tgz'],
      ['plugins', 'install', 'file:/keys@1.tgz'],
    ],
    [
      ['show', 'keys'],
      ['show', 'keys'],
    ],
    [
      ['plugins', 'installkeys', 'keys'],
      ['plugins', 'installkeys', 'keys'],
    ],
  ])('%j becomes %j', (argv, expected) => {
    expect(withFullNames(argv, ALIASES)).toEqual(expected);
  });

  it('changes nothing without aliases', () => {
    expect(withFullNames(['plugins', 'install', 'keys'])).toEqual(['plugins', 'install', 'keys']);
  });
});

describe('npmFailure', () => {
  it('leaves out the command line of npm', () => {
    const failure = npmFailure(new Error('/a/npm/bin/npm-cli.js install x --no-fund exited with code 1'));
    expect(failure?.message).toBe('npm failed. Its output is above.');
  });

  it('is undefined for another error', () => {
    expect(npmFailure(new Error('x does not exist'))).toBeUndefined();
    expect(npmFailure('npm-cli.js x exited with code 1')).toBeUndefined();
  });
});
