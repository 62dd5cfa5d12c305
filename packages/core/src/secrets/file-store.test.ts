import { execFileSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { describe, expect, it } from 'vitest';
import { useHome } from '../../test/support/home.js';
import { keyOf, revealed } from '../../test/support/keys.js';
import { isVastaiError } from '../base/errors.js';
import { fileStore } from './file-store.js';

const home = useHome();
const unix = process.platform !== 'win32';
const KEY = keyOf('key-0123456789abcdef');
const profiles = ['default', 'work'] as const;
const store = () => fileStore(home.paths);

/** Returns the message of an expected error, which never contains the key. */
async function refusal(work: Promise<unknown>): Promise<string> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toSatisfy(isVastaiError);
  expect(error).toMatchObject({ code: 'storage', hint: expect.stringMatching(/./) });
  expect((error as Error).message).not.toContain(KEY.reveal());
  return (error as Error).message;
}

describe.each(profiles)('the key file of profile %s', (profile) => {
  const path = () => home.paths.keyFile(profile);

  it('holds the key and nothing else, for its owner alone', async () => {
    await store().write(profile, KEY);
    expect(readFileSync(path(), 'utf8')).toBe(KEY.reveal());
    if (!unix) return;
    expect(statSync(path()).mode & 0o777).toBe(0o600);
    for (let folder = dirname(path()); folder !== home.at('.config'); folder = dirname(folder))
      expect(statSync(folder).mode & 0o777).toBe(0o700);
  });

  it.runIf(unix)('is its owner’s alone whatever the umask is', async () => {
    const umask = process.umask(0);
    try {
      await store().write(profile, KEY);
      expect(statSync(path()).mode & 0o777).toBe(0o600);
      expect(statSync(dirname(path())).mode & 0o777).toBe(0o700);
    } finally {
      process.umask(umask);
    }
  });

  it.runIf(unix)('that others could read is closed by a new key', async () => {
    home.put(path(), 'old-key-0123456789', 0o644);
    chmodSync(path(), 0o644);
    await store().write(profile, KEY);
    expect(await store().read(profile)).toMatchObject({ state: 'present', problems: [] });
  });

  it('removes what killed writers left, with the next key and with the last', async () => {
    const left = `${dirname(path())}/.vast_api_key.tmp-99.aabb`;
    home.put(left, 'left-key-0123456789');
    await store().write(profile, KEY);
    expect(existsSync(left)).toBe(false);
    home.put(left, 'left-key-0123456789');
    await store().remove(profile);
    expect(readdirSync(dirname(path()))).toEqual([]);
  });

  it.runIf(unix)('is not written through a symbolic link', async () => {
    home.put(home.at('target'), 'of another');
    home.put(`${dirname(path())}/x`, '');
    symlinkSync(home.at('target'), path());
    expect(await refusal(store().probe(profile))).toMatch(/symbolic link/);
    expect(await refusal(store().write(profile, KEY))).toMatch(/symbolic link/);
    expect(revealed(await store().read(profile))).toBe('unreadable: not_a_key');
    expect(readFileSync(home.at('target'), 'utf8')).toBe('of another');
    expect(lstatSync(path()).isSymbolicLink()).toBe(true);
    expect(readdirSync(dirname(path())).sort()).toEqual(['vast_api_key', 'x']);
  });

  it.runIf(unix)('is not written through a symbolic link in place of its folder', async () => {
    mkdirSync(home.at('target'));
    mkdirSync(dirname(dirname(path())), { recursive: true });
    symlinkSync(home.at('target'), dirname(path()));
    expect(await refusal(store().probe(profile))).toMatch(/symbolic link/);
    expect(await refusal(store().write(profile, KEY))).toMatch(/symbolic link/);
    expect(readdirSync(home.at('target'))).toEqual([]);
  });

  it('is not written over a folder, which stays', async () => {
    home.put(`${path()}/inside`, 'of another');
    expect(await refusal(store().probe(profile))).toMatch(/folder/);
    expect(await refusal(store().write(profile, KEY))).toMatch(/folder|not permitted/);
    expect(await refusal(store().remove(profile))).toMatch(/folder|not permitted/);
    expect(revealed(await store().read(profile))).toBe('unreadable: unreadable');
    expect(await home.files()).toEqual({ [`${relativeTo(path())}/inside`]: 'of another' });
  });

  it('is not written if a file is in place of its folder', async () => {
    home.put(dirname(path()), 'of another');
    expect(await refusal(store().probe(profile))).toMatch(/not a folder/);
    expect(await refusal(store().write(profile, KEY))).toMatch(/not a folder/);
    expect(revealed(await store().read(profile))).toBe('absent');
    expect(await store().remove(profile)).toBe(false);
    expect(await home.files()).toEqual({ [relativeTo(dirname(path()))]: 'of another' });
  });

  it.runIf(unix)('does not block on a pipe, and replaces it', async () => {
    mkdirSync(dirname(path()), { recursive: true });
    execFileSync('mkfifo', [path()]);
    expect(revealed(await store().read(profile))).toBe('unreadable: unreadable');
    await store().probe(profile);
    await store().write(profile, KEY);
    expect(revealed(await store().read(profile))).toBe(KEY.reveal());
  });

  it('is probed without leaving anything', async () => {
    await store().probe(profile);
    expect(readdirSync(home.path)).toEqual([]);
  });
});

/** Returns a path below the home, as `files` names it. */
function relativeTo(path: string): string {
  return path.slice(home.path.length + 1).replaceAll('\\', '/');
}

it('keeps the key file of one profile when that of another is removed', async () => {
  for (const profile of profiles) await store().write(profile, KEY);
  await store().remove('default');
  expect(revealed(await store().read('work'))).toBe(KEY.reveal());
});
