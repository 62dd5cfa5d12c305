import { mkdir } from 'node:fs/promises';
import { it as plainIt } from '@vastai-cli/testing/checkout/cli';
import { describe, it } from '@vastai-cli/testing/checkout/keychain';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe as anyDescribe, expect } from 'vitest';

const KEY_OF_WORK = '.config/vastai/profiles/work/vast_api_key';
const LIST = ['profile', 'list', '--json'];

anyDescribe.concurrent('profile list', () => {
  plainIt('shows "default" where there is nothing', async ({ harness: { vastai } }) => {
    expect((await vastai(LIST)).json()).toEqual([
      {
        name: 'default',
        current: true,
        active: true,
        active_from: 'default',
        storage: null,
        url: 'https://console.vast.ai',
      },
    ]);
    expect((await vastai(['profile', 'list'])).stdout).toMatch(
      /^ +PROFILE +KEY IN +KEY +ACCOUNT +API\n\* +default +- +- +- +https:/,
    );
  });

  plainIt('shows where each key is and what it is for, and no key', async ({ harness }) => {
    const { vastai, home, sandbox, asked } = harness;
    const url = 'https://other.example';
    const profiles = {
      constructor: { storage: 'file', url },
      'a.b-c_d': { storage: 'keychain' },
      default: { storage: 'file', url: sandbox.url },
    };
    await home.write(SETTINGS, JSON.stringify({ version: 1, current: 'constructor', profiles }));
    await home.write(KEY_OF_WORK, sandbox.key);
    await home.write('.config/vastai/profiles/Not A Name/vast_api_key', sandbox.key);
    expect((await vastai(LIST)).json()).toEqual([
      {
        name: 'a.b-c_d',
        current: false,
        active: false,
        storage: 'keychain',
        url: 'https://console.vast.ai',
      },
      { name: 'constructor', current: true, active: true, active_from: 'config.json', storage: 'file', url },
      { name: 'default', current: false, active: false, storage: 'file', url: sandbox.url },
      {
        name: 'work',
        current: false,
        active: false,
        storage: 'file',
        url: 'https://console.vast.ai',
        suffix: sandbox.key.slice(-4),
      },
    ]);
    expect((await vastai(['profile', 'list'])).stdout).not.toContain(sandbox.key);
    expect(asked()).toEqual([]);
  });
});

anyDescribe.concurrent('profile list, where something chooses a profile', () => {
  plainIt('marks the one that is used here, and says what chose it', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    const file = await home.write('project/.vastai-profile', 'work');
    const here = { cwd: home.at('project') };
    expect((await vastai(LIST, here)).json()).toMatchObject([
      { name: 'default', current: true, active: false },
      { name: 'work', current: false, active: true, active_from: file },
    ]);
    const shown = (await vastai(['profile', 'list'], here)).stdout;
    expect(shown).toMatch(/\n\* +work +file +…/);
    expect(shown).toContain(`\n"work" is used here (from ${file}). Elsewhere, "default" is used.\n`);
    const byVariable = { ...here, env: { VAST_PROFILE: 'default' } };
    expect((await vastai(LIST, byVariable)).json()).toMatchObject([
      { name: 'default', active: true, active_from: 'VAST_PROFILE' },
      { name: 'work', active: false },
    ]);
  });

  plainIt('suggests the profile that was probably meant', async ({ harness: { vastai, home, sandbox } }) => {
    await home.write(KEY_OF_WORK, sandbox.key);
    await home.write(SETTINGS, '{"version":1,"profiles":{"work":{"storage":"file"}}}');
    const ran = await vastai(['profile', 'list'], { env: { VAST_PROFILE: 'wrok' } });
    expect(ran.status).toBe(0);
    expect(ran.stdout).toContain('did you mean "work"?');
    const shown = await vastai(['show', 'user', '--profile', 'wrok']);
    expect(shown.status).toBe(3);
    expect(shown.stderr).toContain('Did you mean profile "work"?');
  });

  plainIt('helps where the choice cannot be used', async ({ harness: { vastai } }) => {
    const ran = await vastai(LIST, { env: { VAST_PROFILE: 'Not A Name' } });
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject([{ name: 'default', active: false }]);
    expect(ran.stderr).toContain('VAST_PROFILE');
  });

  plainIt.for(['VAST_API_KEY', 'VAST_API_KEY_FILE'])('says that %s wins', async (name, { harness }) => {
    const { stderr } = await harness.vastai(LIST, { env: { [name]: harness.home.at('key') } });
    expect(stderr).toContain(`${name} is set, so its key is sent`);
  });

  plainIt('shows the account that a key was saved for, until another key is', async ({ harness }) => {
    const { vastai, sandbox, addKey } = harness;
    const listed = async () => (await vastai(LIST)).json()[0];
    await vastai(['set', 'api-key', sandbox.key]);
    expect(await listed()).toMatchObject({ account: 'you@example.com', suffix: sandbox.key.slice(-4) });
    const { value } = await addKey({ name: 'other' });
    await vastai(['set', 'api-key', value, '--no-verify']);
    expect(await listed()).toMatchObject({ suffix: value.slice(-4) });
    expect((await listed()).account).toBeUndefined();
    await vastai(['set', 'api-key', sandbox.key]);
    await vastai(['unset', 'api-key', '--yes']);
    expect(await listed()).toEqual({
      name: 'default',
      current: true,
      active: true,
      active_from: 'default',
      storage: null,
      url: sandbox.url,
    });
  });

  plainIt('is not stopped by an account or a suffix that was changed by hand', async ({ harness }) => {
    const profiles = { work: { storage: 'keychain', account: { a: 1 }, suffix: ['x'] } };
    await harness.home.write(SETTINGS, JSON.stringify({ version: 1, profiles }));
    const ran = await harness.vastai(['profile', 'list']);
    expect(ran.status).toBe(0);
    expect(ran.stdout).toMatch(/work +keychain +- +- /);
  });
});

describe('profile list, where there is a keychain', () => {
  it('shows account and suffix of a key in it, also after a move', async ({ harness }) => {
    const { vastai, sandbox } = harness;
    const known = { account: 'you@example.com', suffix: sandbox.key.slice(-4) };
    await vastai(['set', 'api-key', sandbox.key]);
    for (const storage of ['keychain', 'file', 'keychain']) {
      await vastai(['config', 'migrate', '--to', storage]);
      expect((await vastai(LIST)).json()).toMatchObject([{ storage, ...known }]);
    }
  });
});

anyDescribe.concurrent('profile use', () => {
  plainIt.for(['VAST_API_KEY', 'VAST_API_KEY_FILE'])('says that %s wins', async (name, { harness }) => {
    const ran = await harness.vastai(['profile', 'use', 'default'], { env: { [name]: 'key-0123456789' } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(new RegExp(`^Warning: ${name} is set, so its key is sent instead`));
  });

  plainIt.for(['use', 'remove'])('suggests a name that is close: %s', async (command, { harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    const ran = await vastai(['profile', command, 'wrok', '--yes'].slice(0, command === 'use' ? 3 : 4));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(`Did you mean: vastai profile ${command} work\n`);
    const far = await vastai(
      ['profile', command, 'something-else', '--yes'].slice(0, command === 'use' ? 3 : 4),
    );
    expect(far.stderr).not.toContain('Did you mean');
  });

  plainIt('makes a profile the one that is used', async ({ harness }) => {
    const { vastai, home, sandbox, addKey } = harness;
    const { value, id } = await addKey({ name: 'work' });
    await vastai(['set', 'api-key', sandbox.key]);
    await vastai(['set', 'api-key', value, '--profile', 'work']);
    const used = await vastai(['profile', 'use', 'work']);
    expect(used.status).toBe(0);
    expect(used.stdout).toBe('Now using profile "work".\n');
    await vastai(['show', 'user']);
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(id);
    expect((await vastai(['profile', 'use', 'default', '--json'])).json()).toEqual({ current: 'default' });
    await vastai(['show', 'user']);
    expect(sandbox.requests.at(-1)?.authorization?.keyId).toBe(40);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '').current).toBe('default');
  });

  plainIt('says that a variable goes before it', async ({ harness: { vastai } }) => {
    const ran = await vastai(['profile', 'use', 'default'], { env: { VAST_PROFILE: 'work' } });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('VAST_PROFILE is set');
  });

  plainIt('says that a file of the folder goes before it', async ({ harness: { vastai, home } }) => {
    const path = await home.write('.vastai-profile', 'work');
    const ran = await vastai(['profile', 'use', 'default']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(path);
  });

  plainIt.for([['list'], ['use', 'default']])(
    'asks for no API: %j',
    async (args, { harness: { vastai } }) => {
      expect((await vastai(['profile', ...args], { env: { VAST_URL: 'nonsense' } })).status).toBe(0);
    },
  );

  plainIt.for(['work', 'constructor', 'toString', '__proto__', '..', ''])(
    'does not make %j one that is not there',
    async (name, { harness: { vastai, home } }) => {
      const ran = await vastai(['profile', 'use', name]);
      expect(ran.status).toBe(2);
      expect(await home.read(SETTINGS)).toBeUndefined();
    },
  );
});

describe('profile remove', () => {
  it('removes the profile, its key wherever it is, and its folder', async ({ harness }) => {
    const { vastai, home, keychain, sandbox, saveKey } = harness;
    await saveKey();
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work']);
    await home.write(KEY_OF_WORK, sandbox.key);
    const ran = await vastai(['profile', 'remove', 'work', '--yes', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toEqual({
      profile: 'work',
      removed: [
        { storage: 'keychain', location: 'keychain (vastai, work)' },
        { storage: 'file', location: home.at(KEY_OF_WORK) },
      ],
    });
    expect(await keychain.lookup('work')).toBeUndefined();
    expect((await vastai(LIST)).json()).toHaveLength(1);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect((await vastai(['profile', 'remove', 'work', '--yes'])).status).toBe(2);
  });

  it('fails while the keychain that has its key is locked, and leaves all as it was', async ({ harness }) => {
    const { vastai, home, keychain, sandbox } = harness;
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work']);
    await vastai(['profile', 'use', 'work']);
    const settings = await home.read(SETTINGS);
    await keychain.lock();
    expect((await vastai(['profile', 'remove', 'work', '--yes'])).status).toBe(9);
    expect(await home.read(SETTINGS)).toBe(settings);
    await keychain.unlock();
    expect(await keychain.lookup('work')).toBe(sandbox.key);
  });
});

anyDescribe.concurrent('profile remove, without a keychain', () => {
  plainIt('makes "default" the current one where that was removed', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await vastai(['set', 'api-key', sandbox.key, '--profile', 'work']);
    await vastai(['profile', 'use', 'work']);
    const ran = await vastai(['profile', 'remove', 'work', '--yes']);
    expect(ran.stdout).toBe(`Removed profile "work" and its key in ${home.at(KEY_OF_WORK)}\n`);
    const list = (await vastai(LIST)).json();
    expect(list).toMatchObject([{ name: 'default', current: true }]);
    expect((await vastai(['auth', 'status', '--offline', '--json'])).json().profile).toBe('default');
  });

  plainIt('leaves the current one where that is another', async ({ harness }) => {
    const { vastai, home } = harness;
    const settings = {
      version: 1,
      current: 'work',
      profiles: { work: {}, constructor: { storage: 'file' } },
    };
    await home.write(SETTINGS, JSON.stringify(settings));
    expect((await vastai(['profile', 'remove', 'constructor', '--yes'])).status).toBe(0);
    expect(JSON.parse((await home.read(SETTINGS)) ?? '')).toEqual({
      version: 1,
      current: 'work',
      profiles: { work: {} },
    });
  });

  plainIt(
    'takes the keys of "default", the legacy one included, though the profile itself stays',
    async ({ harness }) => {
      const { vastai, home, sandbox, saveKey } = harness;
      await saveKey();
      await home.write(LEGACY_FILE, sandbox.key);
      expect((await vastai(['profile', 'remove', 'default', '--yes'])).status).toBe(0);
      expect((await vastai(['auth', 'token'])).status).toBe(3);
      expect(await home.read(LEGACY_FILE)).toBeUndefined();
    },
  );

  plainIt('asks first, and does nothing where nobody can answer', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(KEY_OF_WORK, sandbox.key);
    expect((await vastai(['profile', 'remove', 'work'])).status).toBe(2);
    expect(await home.read(KEY_OF_WORK)).toBe(sandbox.key);
  });
});

anyDescribe.concurrent('a profile with an API of its own', () => {
  plainIt('is asked there, and its key goes nowhere else', async ({ harness }) => {
    const { vastai, sandbox, asked } = harness;
    const env = { VAST_URL: undefined };
    const set = ['set', 'api-key', sandbox.key, '--profile', 'work', '--url', sandbox.url];
    expect((await vastai(set, { env })).status).toBe(0);
    expect((await vastai(LIST)).json()).toContainEqual({
      name: 'work',
      current: false,
      active: false,
      storage: 'file',
      url: sandbox.url,
      account: 'you@example.com',
      suffix: sandbox.key.slice(-4),
    });
    expect((await vastai(['show', 'user', '--profile', 'work'], { env })).status).toBe(0);
    const before = asked().length;
    const elsewhere = await vastai(['show', 'user', '--profile', 'work', '--url', 'https://other.example']);
    expect(elsewhere.status).toBe(3);
    expect(elsewhere.stderr).toContain(sandbox.url);
    expect(elsewhere.stderr).toContain('https://other.example');
    expect(asked()).toHaveLength(before);
  });
});

anyDescribe.concurrent('.vastai-profile', () => {
  plainIt('counts in the folder and in all below it, the nearest first', async ({ harness }) => {
    const { vastai, home } = harness;
    const profileIn = async (folder: string) =>
      (await vastai(['auth', 'status', '--offline', '--json'], { cwd: home.at(folder) })).json().profile;
    await mkdir(home.at('a/b/c'), { recursive: true });
    await home.write('a/.vastai-profile', 'outer\n');
    expect(await profileIn('a/b/c')).toBe('outer');
    await home.write('a/b/.vastai-profile', ' inner ');
    expect(await profileIn('a/b/c')).toBe('inner');
    expect(await profileIn('a')).toBe('outer');
    expect(await profileIn('.')).toBe('default');
  });

  plainIt.for([
    '{"url":"https://evil.example"}',
    'work\nurl=https://evil.example',
    'work https://evil.example',
    '../work',
    'work\0',
    '',
    'W\u00d6RK',
    `VAST_API_KEY=${'0'.repeat(64)}`,
  ])('can bring nothing but a name: %j', async (text, { harness }) => {
    const { vastai, home, saveKey, asked } = harness;
    await saveKey();
    await home.write('project/.vastai-profile', text);
    const ran = await vastai(['show', 'user'], { cwd: home.at('project') });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain(home.at('project/.vastai-profile'));
    expect(ran.stderr).not.toMatch(/evil|0000/);
    expect(asked()).toEqual([]);
  });

  plainIt('gives a name that has no key no key', async ({ harness }) => {
    const { vastai, home, saveKey, asked } = harness;
    await saveKey();
    await home.write('project/.vastai-profile', 'unheard-of');
    expect((await vastai(['show', 'user'], { cwd: home.at('project') })).status).toBe(3);
    expect(asked()).toEqual([]);
  });
});
