import { describe, expect, it } from 'vitest';
import { withTilde } from './home-path.js';

describe.skipIf(process.platform === 'win32')('withTilde', () => {
  it.each([
    ['/home/you/.vast_api_key is open', '~/.vast_api_key is open'],
    ['rm /home/you/.vast_api_key', 'rm ~/.vast_api_key'],
    ['Save it: vastai set api-key - < /home/you/key', 'Save it: vastai set api-key - < ~/key'],
    ['a (/home/you/a), /home/you/b.', 'a (~/a), ~/b.'],
    ['/home/you', '~'],
    ['In /home/you, nothing', 'In ~, nothing'],
  ])('shortens paths in the home folder: %s', (text, short) => {
    expect(withTilde(text, '/home/you')).toBe(short);
    expect(withTilde(text, '/home/you/')).toBe(short);
  });

  it.each([
    '/home/yours/.vast_api_key',
    '/mnt/home/you/key',
    "rm '/home/you/my key'",
    '"/home/you/my key"',
    '--permission_file=/home/you/perms.json',
    'file:///home/you/key',
  ])('leaves paths that a shell would not expand, and those outside the home folder: %s', (text) => {
    expect(withTilde(text, '/home/you')).toBe(text);
  });

  it.each([undefined, '', '/', 'relative'])('changes nothing if HOME is %j', (home) => {
    expect(withTilde('/home/you/key relative/key', home)).toBe('/home/you/key relative/key');
  });

  it('treats the home folder as literal text, not as a pattern', () => {
    expect(withTilde('/home/a+b (c)/key', '/home/a+b (c)')).toBe('~/key');
    expect(withTilde('/home/axb/key', '/home/a.b')).toBe('/home/axb/key');
  });
});
