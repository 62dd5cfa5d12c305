import { chmod, stat } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

const MIGRATE = ['config', 'migrate'];

describe.concurrent('config migrate, without a keychain', () => {
  it.skipIf(process.platform === 'win32')(
    'closes the folders and the keys of all profiles',
    async ({ harness }) => {
      const { vastai, home, sandbox, saveKey } = harness;
      await vastai(['set', 'api-key', sandbox.key, '--profile', 'work']);
      await saveKey();
      const folders = ['.config/vastai', '.config/vastai/profiles', '.config/vastai/profiles/work'];
      const files = [KEY_FILE, SETTINGS, '.config/vastai/profiles/work/vast_api_key'];
      await Promise.all(files.map((name) => chmod(home.at(name), 0o666)));
      await Promise.all(folders.map((name) => chmod(home.at(name), 0o777)));
      const ran = await vastai([...MIGRATE, '--json']);
      expect(ran.json().changes.length).toBeGreaterThan(0);
      const modeOf = async (name: string) => (await stat(home.at(name))).mode & 0o777;
      for (const name of folders) expect(await modeOf(name)).toBe(0o700);
      for (const name of files) expect(await modeOf(name)).toBe(0o600);
      expect((await vastai([...MIGRATE, '--json'])).json()).toEqual({ applied: false, changes: [] });
    },
  );

  it('writes the version into settings that do not say theirs, and keeps all else', async ({ harness }) => {
    const { vastai, home } = harness;
    const settings = {
      current: 'work',
      profiles: { work: { storage: 'file', colour: 'red' } },
      extra: [1],
    };
    await home.write(SETTINGS, JSON.stringify(settings));
    const ran = await vastai([...MIGRATE, '--json']);
    expect(ran.json().changes).toMatchObject([{ step: 'settings-version', action: 'update' }]);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '')).toEqual({ version: 1, ...settings });
    expect((await vastai([...MIGRATE, '--json'])).json().changes).toEqual([]);
  });

  it.for(['config migrate', 'config migrate --dry-run', 'config migrate --undo', 'set api-key -'])(
    'leaves the settings of a newer program alone: %s',
    async (line, { harness }) => {
      const { vastai, home, asked, saveKey } = harness;
      await saveKey();
      const newer = '{"version":2,"profiles":[{"name":"default"}]}';
      await home.write(SETTINGS, newer);
      const ran = await vastai(line.split(' '), { input: 'a-key-0123456789' });
      expect(ran.status).toBe(9);
      expect(ran.stderr).toMatch(/newer vastai.*\n.*Update/);
      expect(await home.read(SETTINGS)).toBe(newer);
      expect(asked()).toEqual([]);
    },
  );

  it('tells of a two-factor session of the Python CLI, and leaves it', async ({ harness }) => {
    const { vastai, home, unknownKey } = harness;
    const session = await unknownKey();
    const from = await home.write('.config/vastai/vast_tfa_key', session);
    for (const more of [[], ['--dry-run']]) {
      const ran = await vastai([...MIGRATE, '--json', ...more]);
      expect(ran.status).toBe(0);
      expect(ran.json()).toMatchObject({
        applied: false,
        changes: [{ step: 'python-leftovers', action: 'report', from }],
      });
    }
    expect(await home.read('.config/vastai/vast_tfa_key')).toBe(session);
  });

  it('does not hand the legacy key to the API of another profile record', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(LEGACY_FILE, sandbox.key);
    await home.write(SETTINGS, '{"version":1,"profiles":{"default":{"url":"https://elsewhere.example"}}}');
    await vastai(MIGRATE);
    await vastai(['auth', 'token'], { printsKey: true });
    // The legacy key is one for Vast.ai's own API, and may not become one for that of the record.
    const report = await vastai(['auth', 'status', '--offline', '--json'], { env: { VAST_URL: undefined } });
    expect(report.json()).toMatchObject({ url: 'https://elsewhere.example', active: null, state: 'absent' });
  });
});
