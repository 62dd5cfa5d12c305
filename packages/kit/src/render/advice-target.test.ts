import { afterEach, describe, expect, it } from 'vitest';
import {
  type AdviceTarget,
  keyFlags,
  profileFlag,
  savedKeyFlags,
  targetOf,
  urlFlag,
} from './advice-target.js';

const PLAIN: AdviceTarget = { profile: 'default', byFlag: false, keyFromVariable: false, url: undefined };
const WORK: AdviceTarget = { ...PLAIN, profile: 'work', byFlag: true, url: 'https://staging.example' };
const VARIABLE: AdviceTarget = { ...PLAIN, keyFromVariable: true };
const FLAGS = '--profile work --url https://staging.example';

describe('the target of suggested commands', () => {
  const key = '0123456789abcdef'.repeat(4);
  const saved = { VAST_API_KEY: process.env.VAST_API_KEY, VAST_API_KEY_FILE: process.env.VAST_API_KEY_FILE };
  afterEach(() => {
    for (const [name, value] of Object.entries(saved)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  it('is what the last valid argument names', () => {
    const of = (...argv: string[]) => targetOf(argv);
    const nothing = { profile: undefined, byFlag: false, keyFromVariable: false, url: undefined };
    expect(of()).toEqual(nothing);
    expect(of('--profile', 'a', '--profile=work')).toEqual({ ...nothing, profile: 'work', byFlag: true });
    expect(of('--profile', 'work', '--profile', 'Not A Name')).toMatchObject({ profile: 'work' });
    expect(of('--profile', key)).toEqual(nothing);
    expect(of('--url', 'http://a.example', '--url=https://b.example')).toMatchObject({
      url: 'https://b.example',
    });
    for (const url of [
      'nowhere',
      'file:///x',
      'xhttps://a.example',
      'https://me@a.example',
      'https://:pw@a.example',
      'https://a.example/?key=1',
      'https://a.example/#x',
      `https://x-${key}.example`,
    ])
      expect([url, of('--url', url).url]).toEqual([url, undefined]);
  });

  it('is the profile of the run, once it is known', () => {
    const profile = (byFlag: boolean) => ({ name: 'work', from: 'x', byFlag });
    expect(targetOf(['--profile', 'other'], profile(false))).toMatchObject({
      profile: 'work',
      byFlag: false,
    });
    expect(targetOf([], profile(true))).toMatchObject({ profile: 'work', byFlag: true });
  });

  it.each(['VAST_API_KEY', 'VAST_API_KEY_FILE'])(
    'does not include the profile if the key comes from %s',
    (name) => {
      process.env[name] = 'x';
      expect(targetOf([]).keyFromVariable).toBe(true);
      expect(targetOf(['--profile', 'work']).keyFromVariable).toBe(false);
    },
  );

  it('is written as flags', () => {
    expect(profileFlag(PLAIN)).toBe('');
    expect(profileFlag({ ...PLAIN, byFlag: true })).toBe(' --profile default');
    expect(profileFlag({ ...PLAIN, profile: undefined })).toBe('');
    expect(profileFlag({ ...PLAIN, profile: undefined }, 'default')).toBe('');
    expect(profileFlag(WORK, 'default')).toBe(' --profile default');
    expect(profileFlag({ ...PLAIN, profile: 'work' }, 'default')).toBe(' --profile default');
    expect(profileFlag(PLAIN, 'work')).toBe(' --profile work');
    expect(urlFlag(PLAIN)).toBe('');
    expect(urlFlag(PLAIN, 'https://b.example')).toBe(' --url https://b.example');
    expect(keyFlags(WORK)).toBe(` ${FLAGS}`);
    expect(keyFlags({ ...WORK, keyFromVariable: true })).toBe(' --url https://staging.example');
    expect(savedKeyFlags(WORK, undefined)).toBe(` ${FLAGS}`);
    expect(savedKeyFlags(WORK, 'ci')).toBe(' --profile ci --url https://staging.example');
    expect(savedKeyFlags(PLAIN, 'default')).toBe('');
    expect(savedKeyFlags(VARIABLE, 'default')).toBe(' --profile default');
  });
});
