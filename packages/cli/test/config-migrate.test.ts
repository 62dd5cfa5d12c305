import { chmod, stat } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

describe.concurrent('config migrate', () => {
  it('shows with --dry-run what it would do, and does nothing', async ({ harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai(['config', 'migrate', '--dry-run', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({
      applied: false,
      changes: [{ action: 'move', from: home.at(LEGACY_FILE), to: home.at(KEY_FILE) }],
    });
    const shown = await vastai(['config', 'migrate', '--dry-run']);
    expect(shown.stdout).toMatch(/^PLAN +FROM +TO\n/);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(asked()).toEqual([]);
  });

  it.runIf(process.platform !== 'win32')(
    'says what it closes to others in words that are true before and after',
    async ({ harness }) => {
      const { vastai, sandbox, home } = harness;
      await home.write(KEY_FILE, sandbox.key);
      await chmod(home.at(KEY_FILE), 0o644);
      const planned = await vastai(['config', 'migrate', '--dry-run']);
      const done = await vastai(['config', 'migrate']);
      for (const { stdout } of [planned, done]) {
        expect(stdout).toContain(`${KEY_FILE}: Mode 0644 lets other users open it.`);
        expect(stdout).not.toContain('can open');
      }
    },
  );

  it('moves the legacy file, and then has nothing left to do', async ({ harness }) => {
    const { vastai, sandbox, home } = harness;
    await home.write(LEGACY_FILE, `${sandbox.key}\n`);
    const ran = await vastai(['config', 'migrate']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/^DONE +FROM +TO\n/);
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    const again = await vastai(['config', 'migrate', '--json']);
    expect(again.status).toBe(0);
    expect(again.json()).toEqual({ applied: false, changes: [] });
  });

  it('removes a legacy file with the key that is already saved', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    await saveKey();
    await home.write(LEGACY_FILE, `${sandbox.key}\n`);
    const ran = await vastai(['config', 'migrate', '--json']);
    expect(ran.json().changes).toMatchObject([{ action: 'drop', from: home.at(LEGACY_FILE) }]);
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('leaves a legacy file with a different key alone', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey, unknownKey } = harness;
    await saveKey();
    const other = await unknownKey();
    await home.write(LEGACY_FILE, other);
    const ran = await vastai(['config', 'migrate', '--json']);
    expect(ran.json().changes).toMatchObject([{ action: 'report', from: home.at(LEGACY_FILE) }]);
    expect(await home.read(LEGACY_FILE)).toBe(other);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it.skipIf(process.platform === 'win32')(
    'restricts files that other users can open',
    async ({ harness }) => {
      const { vastai, home, saveKey } = harness;
      await saveKey();
      await chmod(home.at('.config/vastai'), 0o755);
      await chmod(home.at(KEY_FILE), 0o644);
      const modes = async () =>
        Promise.all(
          ['.config/vastai', KEY_FILE].map(async (name) => (await stat(home.at(name))).mode & 0o777),
        );
      await vastai(['config', 'migrate', '--dry-run']);
      expect(await modes()).toEqual([0o755, 0o644]);
      const ran = await vastai(['config', 'migrate', '--json']);
      expect(ran.json().changes).toMatchObject([
        { action: 'mode', from: home.at('.config/vastai'), to: '0700' },
        { action: 'mode', from: home.at(KEY_FILE), to: '0600' },
      ]);
      expect(await modes()).toEqual([0o700, 0o600]);
      expect((await vastai(['config', 'migrate', '--json'])).json().changes).toEqual([]);
    },
  );
});
