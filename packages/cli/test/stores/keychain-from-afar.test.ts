import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';
import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { expect } from 'vitest';
import { doctor } from '../support/doctor.js';

const SSH = { SSH_CONNECTION: '192.0.2.1 50000 192.0.2.2 22' };
const NO_BUS = { DBUS_SESSION_BUS_ADDRESS: undefined, XDG_RUNTIME_DIR: undefined };

describe('a key in the keychain of the desktop', () => {
  it('is reported as out of reach for a session without a bus, and the advice helps', async ({ harness }) => {
    const { vastai, keychain, home, sandbox } = harness;
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work']);
    for (const args of [
      ['show', 'user', '--profile', 'work'],
      ['auth', 'status', '--profile', 'work'],
      ['doctor', '--profile', 'work'],
    ]) {
      const ran = await vastai(args, { env: { ...SSH, ...NO_BUS } });
      expect(ran.status).toBe(args[0] === 'doctor' ? 10 : 9);
      const said = ran.stdout + ran.stderr;
      expect(said).toContain('The key of profile "work" is in the keychain of this machine\'s desktop');
      expect(said).toContain('VAST_API_KEY');
      expect(said).toContain('vastai set api-key --storage file --profile work');
    }
    // Both ways out: the bus, and a file.
    await keychain.publishSocket();
    const bus = { ...SSH, DBUS_SESSION_BUS_ADDRESS: `unix:path=${keychain.env.XDG_RUNTIME_DIR}/bus` };
    expect((await vastai(['show', 'user', '--profile', 'work'], { env: bus })).status).toBe(0);
    const migrate = await vastai(['config', 'migrate', '--to', 'file', '--profile', 'work']);
    expect(migrate.status).toBe(0);
    const ran = await vastai(['show', 'user', '--profile', 'work'], { env: { ...SSH, ...NO_BUS } });
    expect(ran.status).toBe(0);
    expect(await home.read('.config/vastai/profiles/work/vast_api_key')).toBe(sandbox.key);
  });

  it('is reported as locked, with no way to ask for its password over SSH', async ({ harness }) => {
    const { vastai, keychain, sandbox } = harness;
    await vastai(['set', 'api-key', sandbox.key]);
    await keychain.lock();
    const ran = await vastai(['show', 'user', '--json'], { env: SSH });
    expect(ran.status).toBe(9);
    expect(ran.json().error.hint).toMatch(/over SSH[\s\S]*VAST_API_KEY[\s\S]*config migrate --to file/);
    expect((await vastai(['show', 'user', '--json'])).json().error.hint).not.toContain('SSH');
  });
});

describe('entries of the keychain whose profile has no settings', () => {
  it.for(['unlocked', 'locked'])(
    'are found by doctor, with the command that removes them: %s',
    async (state, { harness }) => {
      const { vastai, keychain, home, sandbox, saveKey, unknownKey } = harness;
      await saveKey();
      await vastai(['set', 'api-key', sandbox.key, '--profile', 'known', '--storage', 'keychain']);
      await vastai(['set', 'api-key', sandbox.key, '--profile', 'gone', '--storage', 'keychain']);
      const settings = JSON.parse((await home.read(SETTINGS)) ?? '');
      delete settings.profiles.gone;
      await home.write(SETTINGS, JSON.stringify(settings));
      await keychain.store('Not A Profile', await unknownKey());
      if (state === 'locked') await keychain.lock();
      for (const variable of [undefined, 'file']) {
        const { problems, checks } = await doctor(vastai, { VASTAI_STORAGE: variable });
        expect(problems).toEqual([]);
        const found = checks.filter(({ message }) => message.includes('has no settings'));
        expect(found).toHaveLength(1);
        const [, command = ''] = /Remove it: (.*)$/.exec(found[0]?.message ?? '') ?? [];
        expect(command).toMatch(/vastai unset api-key --profile gone$/);
        if (state === 'locked') continue;
        const env = command.startsWith('VASTAI_STORAGE=auto') ? { VASTAI_STORAGE: 'auto' } : {};
        const words = command.split(' ').slice(command.startsWith('vastai') ? 1 : 2);
        expect((await vastai([...words, '--yes'], { env })).status).toBe(0);
        expect(await keychain.lookup('gone')).toBeUndefined();
        await keychain.store('gone', await unknownKey());
      }
      expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    },
  );
});

describe('an entry that secret-tool shares', () => {
  /** Runs a command of the documentation as it is printed. */
  const documented = async (start: string, env: NodeJS.ProcessEnv, input = '') => {
    const page = await readFile(new URL('../../../../docs/secret-managers.md', import.meta.url), 'utf8');
    const command = page.split('\n').find((line) => line.startsWith(start)) ?? '';
    const running = promisify(execFile)('sh', ['-c', command], { env: { PATH: process.env.PATH, ...env } });
    running.child.stdin?.end(input);
    return (await running).stdout;
  };

  it('is read by vastai, written by it, and removed, as the documentation has it', async ({ harness }) => {
    const { vastai, keychain, sandbox, addKey } = harness;
    const env = { ...keychain.env, HOME: harness.home.path };
    await documented('secret-tool store', env, sandbox.key);
    expect(await harness.token()).toBe(sandbox.key);
    const { value } = await addKey({ name: 'next' });
    expect((await vastai(['set', 'api-key', value])).status).toBe(0);
    expect(await documented('secret-tool lookup', env)).toBe(value);
    await documented('secret-tool clear', env);
    expect((await vastai(['auth', 'token'])).status).toBe(9);
  });
});
