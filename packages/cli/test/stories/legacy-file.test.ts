import { chmod, stat } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

describe.concurrent('a key in ~/.vast_api_key, where older tools keep it', () => {
  it('is moved once, by the first command that needs it', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    await home.write(LEGACY_FILE, `${sandbox.key}\n`);

    for (const args of [['--help'], ['--version'], ['show', 'user', '--help'], ['auth', 'status']]) {
      expect((await vastai(args)).status).toBe(0);
      expect(await home.read(LEGACY_FILE)).toBe(`${sandbox.key}\n`);
    }

    const first = await vastai(['show', 'user']);
    expect(first.status).toBe(0);
    expect(first.json().id).toBe(123456);
    expect(first.stderr).toContain(home.at(LEGACY_FILE));
    expect(first.stderr).toContain(home.at(KEY_FILE));
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    expect((await home.read(KEY_FILE))?.trim()).toBe(sandbox.key);
    if (process.platform !== 'win32') expect((await stat(home.at(KEY_FILE))).mode & 0o777).toBe(0o600);

    const second = await vastai(['show', 'user']);
    expect(second.status).toBe(0);
    expect(second.stderr).not.toContain(LEGACY_FILE);
    expect((await vastai(['config', 'migrate'])).stdout).toBe('Nothing to migrate.\n');
  });

  it('is moved to the file, whatever the store for new keys', async ({
    harness: { vastai, sandbox, home },
  }) => {
    await home.write(LEGACY_FILE, sandbox.key);
    await vastai(['show', 'user'], { env: { VASTAI_STORAGE: 'auto' } });
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('is moved even if the command then fails', async ({ harness: { vastai, home, unknownKey } }) => {
    const key = await unknownKey();
    await home.write(LEGACY_FILE, key);
    expect((await vastai(['show', 'user'])).status).toBe(4);
    expect(await home.read(KEY_FILE)).toBe(key);
  });

  it('stays in place if another key comes first', async ({ harness: { vastai, sandbox, home } }) => {
    await home.write(LEGACY_FILE, sandbox.key);
    expect((await vastai(['show', 'user'], { env: { VAST_API_KEY: sandbox.key } })).status).toBe(0);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
  });

  it.skipIf(process.platform === 'win32')(
    'is used from there, with a warning, when it cannot be moved',
    async ({ harness }) => {
      const { vastai, sandbox, home } = harness;
      await home.write(LEGACY_FILE, sandbox.key);
      await chmod(home.path, 0o500);
      const ran = await vastai(['show', 'user'], { through: AS_ANYBODY });
      await chmod(home.path, 0o700);
      expect(ran.status).toBe(0);
      expect(ran.stderr).toMatch(/Warning: .*could not be moved/);
      expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    },
  );

  it('stops the command if it cannot be read', async ({ harness: { vastai, home, asked } }) => {
    await home.write(LEGACY_FILE, Buffer.from('5ecret5ecret5ecret', 'utf16le'));
    const ran = await vastai(['show', 'user', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toContain(home.at(LEGACY_FILE));
    expect(asked()).toEqual([]);
  });
});
