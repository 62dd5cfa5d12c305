import { mkdirSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { pathsOf } from '../config/paths.js';
import type { ContextRequest } from '../context/open.js';
import { keyInUsualPlace } from './usual-place.js';

const home = useHome();
const KEY = 'some-key-0123456789';
const OTHER_URL = 'https://staging.example';
const elsewhere = () => home.at('elsewhere');

/** Returns what is said about a key in the usual place, where XDG_CONFIG_HOME names another folder. */
async function said(more: Partial<ContextRequest> = {}, chosen = elsewhere()) {
  const context = await home.context({ XDG_CONFIG_HOME: chosen }, more);
  // The paths of a test's context are those of its home.
  const paths = pathsOf({ XDG_CONFIG_HOME: chosen }, home.path);
  return keyInUsualPlace({ ...context, paths });
}

const unset = { do: 'unset', variable: 'XDG_CONFIG_HOME', purpose: 'To use it' };
const problem = (file: string, ...more: object[]) => ({
  code: 'other_config_home',
  message: `${file} contains a key, but is not read because XDG_CONFIG_HOME is ${elsewhere()}.`,
  fix: [unset, ...more],
});
const copy = (from: string, more: object = {}) => ({
  do: 'save-key',
  from,
  ...more,
  purpose: 'To copy it here',
});

describe('a key in the usual folder when XDG_CONFIG_HOME names another one', () => {
  it('is not mentioned if it does not exist, is a folder, or the folders are the same', async () => {
    expect(await said()).toBeUndefined();
    mkdirSync(home.paths.keyFile('default'), { recursive: true });
    expect(await said()).toBeUndefined();
    home.put(home.paths.keyFile('work'), KEY);
    expect(await said({ profile: 'work' }, home.at('.config'))).toBeUndefined();
  });

  it('can be used or copied', async () => {
    const file = home.paths.keyFile('default');
    home.put(file, KEY);
    expect(await said()).toEqual(problem(file, copy(file)));
  });

  it('is copied for the API that it was saved for', async () => {
    const file = home.paths.keyFile('default');
    home.put(file, KEY);
    const record = { storage: 'file', url: OTHER_URL };
    home.put(home.paths.settingsFile, JSON.stringify({ version: 1, profiles: { default: record } }));
    expect(await said()).toEqual(problem(file, copy(file, { url: OTHER_URL })));
    expect(await said({ url: OTHER_URL })).toEqual(problem(file, copy(file)));
  });

  it('is the key of the profile that is current there, unless a flag names another', async () => {
    for (const name of ['default', 'work', 'other']) home.put(home.paths.keyFile(name), KEY);
    home.put(home.paths.settingsFile, JSON.stringify({ version: 1, current: 'work', profiles: {} }));
    const [work, other] = [home.paths.keyFile('work'), home.paths.keyFile('other')];
    expect(await said()).toEqual(problem(work, copy(work)));
    expect(await said({ profile: 'other' })).toEqual(problem(other, copy(other)));
  });

  it('cannot be copied if its API is unknown', async () => {
    const file = home.paths.keyFile('default');
    home.put(file, KEY);
    home.put(home.paths.settingsFile, '{');
    expect(await said()).toEqual(problem(file));
  });
});
