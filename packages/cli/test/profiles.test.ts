import { chmod, chown, mkdir, writeFile } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import { SETTINGS } from '@vastai-cli/testing/places';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const STATUS = ['auth', 'status', '--offline', '--json'];

describe.concurrent('the profile', () => {
  it('is the first of --profile, VAST_PROFILE, .vastai-profile, config.json and "default"', async ({
    harness,
  }) => {
    const { vastai, home } = harness;
    const cwd = home.at('project', 'deep', 'inside');
    await mkdir(cwd, { recursive: true });
    const chosen = async (args: readonly string[], env: Record<string, string>) => {
      const { profile, profile_from: from } = (await vastai([...STATUS, ...args], { cwd, env })).json();
      return [profile, from];
    };
    expect(await chosen([], {})).toEqual(['default', 'default']);
    await home.write(SETTINGS, '{"version":1,"current":"settings"}');
    expect(await chosen([], {})).toEqual(['settings', 'config.json']);
    await home.write('project/.vastai-profile', 'folder\n');
    expect(await chosen([], {})).toEqual(['folder', home.at('project', '.vastai-profile')]);
    const env = { VAST_PROFILE: 'variable' };
    expect(await chosen([], env)).toEqual(['variable', 'VAST_PROFILE']);
    expect(await chosen(['--profile', 'flag'], env)).toEqual(['flag', '--profile']);
  });

  it('is shown by "auth status" with what chose it', async ({ harness: { vastai, sandbox } }) => {
    const status = async (...args: string[]) =>
      (await vastai(['auth', 'status', '--offline', ...args])).stdout.split('\n')[0];
    expect(await status()).toBe(`Profile default, ${sandbox.url}`);
    expect(await status('--profile', 'work')).toBe(`Profile work (from --profile), ${sandbox.url}`);
  });

  it('has its own key, and never the legacy one', async ({ harness }) => {
    const { vastai, home, sandbox, saveKey, asked } = harness;
    await saveKey();
    await home.write('.vast_api_key', sandbox.key);
    const ran = await vastai(['show', 'user', '--profile', 'work']);
    expect(ran.status).toBe(3);
    expect(asked()).toEqual([]);
  });

  it('goes to the API that its key was saved for', async ({ harness: { vastai, sandbox, asked } }) => {
    // An empty variable counts as unset.
    const bare = { VAST_URL: '' };
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work', '--url', sandbox.url], { env: bare });
    const ran = await vastai(['show', 'user', '--profile', 'work'], { env: bare });
    expect(ran.status).toBe(0);
    expect(asked()).toHaveLength(2);
  });

  it.for(['', 'Work', '../default', 'x'.repeat(65), '__proto__'])(
    'cannot be named %j',
    async (name, { harness }) => {
      const { vastai, saveKey, asked } = harness;
      await saveKey();
      const ran = await vastai(['show', 'user', `--profile=${name}`]);
      expect(ran.status).toBe(2);
      expect(ran.stderr).toContain('--profile');
      expect(asked()).toEqual([]);
    },
  );

  it('can have the name of a JavaScript object property', async ({
    harness: { vastai, sandbox, saveKey },
  }) => {
    await saveKey();
    expect((await vastai(['show', 'user', '--profile', 'constructor'])).status).toBe(3);
    const set = ['set', 'api-key', sandbox.key, '--profile', 'constructor'];
    expect((await vastai(set)).status).toBe(0);
    expect((await vastai(['show', 'user', '--profile', 'constructor'])).status).toBe(0);
  });

  it('is rejected without being printed if a folder or a variable has an invalid name', async ({
    harness,
  }) => {
    const { vastai, home, unknownKey, asked } = harness;
    const key = `KEY=${await unknownKey()}`;
    const byVariable = await vastai(['show', 'user'], { env: { VAST_PROFILE: key } });
    expect(byVariable.status).toBe(2);
    expect(byVariable.stderr).toContain('VAST_PROFILE');
    const path = await home.write('.vastai-profile', `${key}\nhttps://evil.example`);
    const byFile = await vastai(['show', 'user']);
    expect(byFile.status).toBe(2);
    expect(byFile.stderr).toContain(path);
    expect(byFile.stderr + byVariable.stderr).not.toContain(key);
    expect(asked()).toEqual([]);
  });
});

describe.concurrent('what chose the profile', () => {
  const NO_KEY = ['show', 'user'];

  it('is named in an error if it was a folder, a variable or the settings', async ({ harness }) => {
    const { vastai, home } = harness;
    const error = async (args: readonly string[], env: Record<string, string> = {}) => {
      const ran = await vastai([...args, '--json'], { env });
      expect(ran.status).toBe(3);
      return ran.json().error.message;
    };
    expect(await error([...NO_KEY, '--profile', 'work'])).not.toContain('from');
    await home.write(SETTINGS, '{"version":1,"current":"work"}');
    expect(await error(NO_KEY)).toBe(
      'No API key found for profile "work" (from config.json); nothing was sent.',
    );
    const file = await home.write('.vastai-profile', 'folder');
    expect(await error(NO_KEY)).toContain(`profile "folder" (from ${file})`);
    expect(await error(['unset', 'api-key', '--yes'])).toContain(`profile "folder" (from ${file})`);
    expect(await error(NO_KEY, { VAST_PROFILE: 'variable' })).toContain(
      'profile "variable" (from VAST_PROFILE)',
    );
  });

  it('is named when its key is rejected, and not when another key was', async ({ harness }) => {
    const { vastai, home, unknownKey } = harness;
    const file = await home.write('.vastai-profile', 'work');
    await home.write('.config/vastai/profiles/work/vast_api_key', await unknownKey());
    const profiles = { work: { storage: 'file', url: harness.sandbox.url } };
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
    const own = (await vastai(['show', 'user', '--json'])).json().error;
    expect(own).toMatchObject({ code: 'key_rejected' });
    expect(own.message).toContain(`(profile "work", from ${file})`);
    const env = { VAST_API_KEY: await unknownKey() };
    const given = (await vastai(['show', 'user', '--json'], { env })).json().error;
    expect(given).toMatchObject({ code: 'key_rejected' });
    expect(given.message).not.toContain('profile');
  });

  it.runIf(canOpenTerminal())('is named in a question', async ({ harness }) => {
    const { onTerminal, home, saveKey } = harness;
    await saveKey();
    await home.write('.vastai-profile', 'default');
    const terminal = onTerminal(['unset', 'api-key']);
    await terminal.see('(from ~/.vastai-profile)');
    terminal.type('n\r');
    const { status } = await terminal.ended;
    expect(status).toBe(2);
    expect(await home.read('.config/vastai/vast_api_key')).toBeDefined();
  });
});

describe.runIf(AS_ANYBODY.length > 0).concurrent('a .vastai-profile of another user', () => {
  it.for(['work', 'no profile', '\u001b[31m'])(
    'neither affects nor blocks users below it: %j',
    async (content, { harness }) => {
      const { vastai, home, saveKey } = harness;
      await saveKey();
      const cwd = home.at('shared', 'own');
      await mkdir(cwd, { recursive: true });
      const file = home.at('shared', '.vastai-profile');
      await writeFile(file, content);
      await chown(file, 1234, 1234);
      const ran = await vastai(['show', 'user', '--json'], { cwd });
      expect(ran.status).toBe(0);
      expect(ran.stderr).toBe(`Ignored ${file}: it belongs to another user (uid 1234).\n`);
      expect(ran.json().id).toBeDefined();
      await chmod(file, 0);
      const status = await vastai(['auth', 'status', '--offline', '--json'], { cwd, through: AS_ANYBODY });
      expect(status.json()).toMatchObject({ profile: 'default', profile_from: 'default' });
      const flag = await vastai(['show', 'user', '--profile', 'default'], { cwd });
      expect(flag).toMatchObject({ status: 0, stderr: '' });
    },
  );
});
