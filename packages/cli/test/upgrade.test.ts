import { chmod, cp, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

const HOMES = fileURLToPath(new URL('homes', import.meta.url));
const VERSIONS = (await readdir(HOMES)).filter((name) => /^\d/u.test(name));

/** The keys of every home, which are no secrets. */
const DEFAULT_KEY = 'a1b2c3d4'.repeat(8);
const WORK_KEY = '0f1e2d3c'.repeat(8);

/** Moves into the home of a version, with the modes that git does not keep, and makes its keys known to the API. */
async function moveIn({ home, addKey }: Harness, version: string): Promise<void> {
  await cp(join(HOMES, version), home.path, { recursive: true });
  const names = await readdir(home.path, { recursive: true, withFileTypes: true });
  for (const entry of names) {
    await chmod(join(entry.parentPath, entry.name), entry.isDirectory() ? 0o700 : 0o600);
  }
  await addKey({ name: 'default', value: DEFAULT_KEY });
  await addKey({ name: 'work', value: WORK_KEY });
}

/** Everything in the home, by its path, but not what may be thrown away. */
async function contents({ home }: Harness): Promise<Record<string, string | undefined>> {
  const entries = await readdir(home.path, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(home.path.length + 1))
    .filter((file) => !file.startsWith('.cache'))
    .sort();
  return Object.fromEntries(await Promise.all(files.map(async (file) => [file, await home.read(file)])));
}

describe.concurrent.for(VERSIONS)('a home of version %s', (version) => {
  it('works unchanged', async ({ harness }) => {
    await moveIn(harness, version);
    const before = await contents(harness);
    const { vastai } = harness;
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect((await vastai(['show', 'user', '--profile', 'default'])).status).toBe(0);
    expect(harness.sandbox.requests.map(({ authorization }) => authorization?.keyId)).toEqual([43, 42]);
    expect((await vastai(['profile', 'list', '--json'])).json()).toMatchObject([
      { name: 'default', current: false, storage: 'file' },
      { name: 'work', current: true, storage: 'file' },
    ]);
    const status = (await vastai(['auth', 'status', '--json'])).json();
    expect(status).toMatchObject({ profile: 'work', state: 'verified', active: { suffix: '2d3c' } });
    expect(status.sources.flatMap(({ problems }: { problems: unknown[] }) => problems)).toEqual([]);
    expect(await contents(harness)).toEqual(before);
  });

  it('can be changed without losing the rest', async ({ harness }) => {
    await moveIn(harness, version);
    const { vastai, home } = harness;
    expect((await vastai(['unset', 'api-key', '--yes'])).status).toBe(0);
    expect((await vastai(['profile', 'use', 'default'])).status).toBe(0);
    expect((await vastai(['show', 'user'])).status).toBe(0);
    expect(await home.read('.config/vastai/vast_api_key')).toBe(DEFAULT_KEY);
  });
});

describe.concurrent('a home of a future version', () => {
  it('stops every command that needs it, and loses nothing', async ({ harness }) => {
    await moveIn(harness, VERSIONS.at(-1) ?? '');
    const { vastai, home } = harness;
    const now = JSON.parse((await home.read(SETTINGS)) ?? '');
    await home.write(SETTINGS, JSON.stringify({ ...now, version: now.version + 1, news: true }));
    const before = await contents(harness);
    for (const args of [
      ['show', 'user'],
      ['set', 'api-key', DEFAULT_KEY, '--no-verify'],
      ['unset', 'api-key', '--yes'],
      ['profile', 'use', 'default'],
      ['profile', 'remove', 'work', '--yes'],
      ['config', 'migrate'],
      ['auth', 'token'],
    ]) {
      const ran = await vastai(args);
      expect([args, ran.status]).toEqual([args, 9]);
      expect(ran.stdout).toBe('');
      expect(ran.stderr).toMatch(/config\.json .*newer/u);
    }
    expect(await contents(harness)).toEqual(before);
    expect(harness.asked()).toEqual([]);
  });
});
