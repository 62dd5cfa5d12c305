import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

describe.concurrent('unset api-key', () => {
  it('removes the key, its record and the legacy file, so that none comes back', async ({ harness }) => {
    const { vastai, sandbox, home, unknownKey, asked } = harness;
    await vastai(['set', 'api-key', sandbox.key, '--no-verify']);
    await home.write(LEGACY_FILE, await unknownKey());
    const ran = await vastai(['unset', 'api-key', '--yes']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain(home.at(KEY_FILE));
    expect(ran.stdout).toContain(home.at(LEGACY_FILE));
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await home.read(LEGACY_FILE)).toBeUndefined();
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').profiles).toEqual({ default: { url: sandbox.url } });
    expect((await vastai(['show', 'user'])).status).toBe(3);
    expect(asked()).toEqual([]);
  });

  it('prints one document with --json', async ({ harness: { vastai, home, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['unset', 'api-key', '--yes', '--json']);
    expect(ran.json()).toEqual({
      profile: 'default',
      removed: [{ storage: 'file', location: home.at(KEY_FILE) }],
    });
  });

  it('does nothing without a terminal unless --yes is given', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    await saveKey();
    const ran = await vastai(['unset', 'api-key'], { input: 'y\n' });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('--yes');
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
  });

  it('warns that VAST_API_KEY is still set', async ({ harness: { vastai, sandbox, saveKey } }) => {
    await saveKey();
    const ran = await vastai(['unset', 'api-key', '--yes'], { env: { VAST_API_KEY: sandbox.key } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/VAST_API_KEY is still set/);
  });

  it.for([
    ['unset', 'api-key', '--yes'],
    ['profile', 'remove', 'default', '--yes'],
  ])('leaves and names a new key that was never saved: %s %s', async (words, { harness }) => {
    const { vastai, home, saveKey, unknownKey } = harness;
    await saveKey();
    const unsaved = '.config/vastai/unsaved-key.default.0a1b2c3d';
    const other = '.config/vastai/unsaved-key.work.0a1b2c3d';
    for (const path of [unsaved, other]) await home.write(path, await unknownKey());
    const ran = await vastai(words);
    expect(ran.status).toBe(0);
    expect(await home.read(KEY_FILE)).toBeUndefined();
    expect(await home.read(unsaved)).toBeDefined();
    expect(ran.stderr).toContain(`A new key that was never saved is still in ${home.at(unsaved)}.`);
    expect(ran.stderr).not.toContain(home.at(other));
  });

  it('warns that VAST_API_KEY_FILE is still set', async ({ harness: { vastai, saveKey } }) => {
    const path = await saveKey();
    const ran = await vastai(['unset', 'api-key', '--yes'], { env: { VAST_API_KEY_FILE: path } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/VAST_API_KEY_FILE is still set/);
  });

  it('names the remaining key source if no key is saved', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    const record = { storage: 'command', command: ['no-such-program-here'] };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { default: record } }));
    const env = { VAST_API_KEY: sandbox.key, VAST_API_KEY_FILE: home.at('key') };
    const ran = await vastai(['unset', 'api-key', '--yes', '--json'], { env });
    expect(ran.status).toBe(3);
    expect(ran.json().error.hint).toMatch(
      /VAST_API_KEY and VAST_API_KEY_FILE are still set.* from the command/,
    );
  });

  it('removes the key of one profile and leaves the others', async ({ harness }) => {
    const { vastai, sandbox, home, saveKey } = harness;
    await saveKey();
    await home.write(LEGACY_FILE, sandbox.key);
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work', '--no-verify']);
    const ran = await vastai(['unset', 'api-key', '--yes', '--profile', 'work']);
    expect(ran.status).toBe(0);
    expect(await home.read('.config/vastai/profiles/work/vast_api_key')).toBeUndefined();
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
  });

  it('says so when there is nothing to remove', async ({ harness: { vastai } }) => {
    const ran = await vastai(['unset', 'api-key', '--yes', '--json']);
    expect(ran.status).toBe(3);
    expect(ran.json().error.code).toBe('no_key');
  });

  it('reports what it cannot remove', async ({ harness: { vastai, home } }) => {
    await home.write(`${KEY_FILE}/inside`, '');
    const ran = await vastai(['unset', 'api-key', '--yes', '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json().error).toMatchObject({ code: 'storage' });
    expect(ran.json().error.message).toContain('it is a folder');
  });
});

describe.skipIf(!canOpenTerminal())('unset api-key on a terminal', { concurrent: true }, () => {
  it.for([
    ['y\r', 0, false],
    ['n\r', 2, true],
    ['\r', 2, true],
    ['\x03', 130, true],
  ] as const)('asks first: %j ends with %i', async ([answer, status, isKept], { harness }) => {
    const { onTerminal, sandbox, home, saveKey } = harness;
    await saveKey();
    const terminal = onTerminal(['unset', 'api-key'], { stdoutTo: home.at('stdout') });
    await terminal.see('Remove the key of profile "default"');
    terminal.type(answer);
    expect((await terminal.ended).status).toBe(status);
    expect(await home.read(KEY_FILE)).toBe(isKept ? sandbox.key : undefined);
    expect(await home.read('stdout')).toBe(isKept ? '' : `Removed the key from ${home.at(KEY_FILE)}\n`);
  });
});
