import { execFileSync } from 'node:child_process';
import { chmod, chown, lstat, mkdir, readlink, rename, symlink } from 'node:fs/promises';
import { dirname } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import type { Harness } from '@vastai-cli/testing/harness';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { AS_NAMELESS, canBeOthers, giveHome, NAMELESS, THIRD } from './support/as-user.js';

const SHOW = ['show', 'user'];
const onPosix = process.platform !== 'win32';

/** Puts a link where a file would be, as a dotfiles manager does. */
async function linkIn({ home }: Harness, name: string, target: string): Promise<void> {
  await mkdir(dirname(home.at(name)), { recursive: true, mode: 0o700 });
  await symlink(target, home.at(name));
}

describe.runIf(onPosix).concurrent('a key is read through a symbolic link', () => {
  it.for([KEY_FILE, LEGACY_FILE])('in the place of %s, which stays one', async (name, { harness }) => {
    const { vastai, home, sandbox } = harness;
    await linkIn(harness, name, await home.write('dotfiles/key', sandbox.key));
    const ran = await vastai(SHOW);
    expect([ran.status, ran.stderr]).toEqual([0, '']);
    expect(await readlink(home.at(name))).toBe(home.at('dotfiles/key'));
    expect(await home.read('dotfiles/key')).toBe(sandbox.key);
  });

  it('of a Kubernetes secret, whose files are links to a folder of the moment', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write('secret/..2026_11_27/vast_api_key', sandbox.key);
    await symlink('..2026_11_27', home.at('secret/..data'));
    await symlink('..data/vast_api_key', home.at('secret/vast_api_key'));
    await linkIn(harness, KEY_FILE, home.at('secret/vast_api_key'));
    expect((await vastai(SHOW)).status).toBe(0);
    const env = { VAST_API_KEY_FILE: home.at('secret/vast_api_key') };
    expect((await vastai(SHOW, { env })).status).toBe(0);
  });

  it('whose target others can read, which doctor reports', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await linkIn(harness, KEY_FILE, await home.write('dotfiles/key', sandbox.key));
    await chmod(home.at('dotfiles/key'), 0o644);
    const ran = await vastai(['doctor', '--json']);
    expect(ran.status).toBe(10);
    const { checks } = ran.json() as { checks: readonly { readonly state: string; readonly fix?: string }[] };
    const [wrong] = checks.filter(({ state }) => state === 'problem');
    expect(wrong).toMatchObject({ check: 'key', message: expect.stringContaining('(mode 0644)') });
    expect(wrong?.fix).toBe(`chmod 600 ${home.at('dotfiles/key')}`);
  });

  it('whose target others can read, with a warning about the target', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await linkIn(harness, KEY_FILE, await home.write('dotfiles/key', sandbox.key));
    await chmod(home.at('dotfiles/key'), 0o644);
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`chmod 600 ${home.at('dotfiles/key')}`);
  });

  it('in the place of the folder', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    await rename(home.at('.config/vastai'), home.at('dotfiles'));
    await linkIn(harness, '.config/vastai', home.at('dotfiles'));
    expect((await vastai(SHOW)).status).toBe(0);
  });

  it('but one that leads nowhere stops the command', async ({ harness }) => {
    const { vastai, home, asked } = harness;
    await linkIn(harness, KEY_FILE, home.at('nowhere'));
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(`${home.at('nowhere')}, which does not exist`);
    expect(asked()).toEqual([]);
  });

  it.for(['.config', '.config/vastai'])(
    'but %s that leads nowhere stops the command',
    async (name, { harness }) => {
      const { vastai, home, sandbox, asked } = harness;
      await home.write(LEGACY_FILE, sandbox.key);
      await linkIn(harness, name, home.at('nowhere'));
      const ran = await vastai(SHOW);
      expect(ran.status).toBe(9);
      expect(ran.stderr).toContain(`${home.at('nowhere')}, which does not exist`);
      expect(asked()).toEqual([]);
      const given = await vastai(SHOW, { env: { VAST_API_KEY: sandbox.key } });
      expect(given.status).toBe(0);
      expect(given.stderr).toContain('The settings are ignored.');
    },
  );

  it.runIf(canBeOthers)('of root’s', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await giveHome(harness, NAMELESS);
    await home.write('secrets/key', sandbox.key);
    await chmod(home.at('secrets'), 0o755);
    await chmod(home.at('secrets/key'), 0o444);
    await linkIn(harness, KEY_FILE, home.at('secrets/key'));
    await chmod(home.at('.config'), 0o755);
    await chmod(home.at('.config/vastai'), 0o755);
    expect((await vastai(SHOW, { cwd: '/', through: AS_NAMELESS })).status).toBe(0);
  });
});

describe.runIf(canBeOthers).concurrent('a link that a third user could bend is refused', () => {
  it.for([
    ['the target is theirs', 'theirs/key'],
    ['a folder on the way is theirs', 'theirs'],
  ] as const)('where %s', async ([, theirs], { harness }) => {
    const { vastai, home, sandbox, asked } = harness;
    await home.write('theirs/key', sandbox.key);
    await giveHome(harness, NAMELESS);
    await chown(home.at(theirs), THIRD, THIRD);
    await chmod(home.at('theirs'), 0o755);
    await chmod(home.at('theirs/key'), 0o644);
    await linkIn(harness, KEY_FILE, home.at('theirs/key'));
    await giveLinkFolders(harness);
    for (const env of [{}, { VAST_API_KEY_FILE: home.at(KEY_FILE) }]) {
      const ran = await vastai([...SHOW, '--json'], { cwd: '/', through: AS_NAMELESS, env });
      expect(ran.status).toBe(9);
      expect(ran.json().error.message).toContain(`${home.at(theirs)}, which belongs to user ${THIRD}`);
    }
    expect(asked()).toEqual([]);
  });
});

async function giveLinkFolders(harness: Harness): Promise<void> {
  for (const name of ['.config', '.config/vastai']) await chown(harness.home.at(name), NAMELESS, NAMELESS);
}

describe.runIf(onPosix).concurrent('settings behind a link', () => {
  it('are read, and not written', async ({ harness }) => {
    const { vastai, home, sandbox, asked } = harness;
    const text = `{"version":1,"current":"work","profiles":{"work":{"url":"${sandbox.url}","storage":"file"}}}`;
    await linkIn(harness, SETTINGS, await home.write('dotfiles/config.json', text));
    await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    expect((await vastai(SHOW, { env: { VAST_URL: undefined } })).status).toBe(0);
    const before = asked().length;
    const ran = await vastai(['profile', 'use', 'default']);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(
      `${home.at(SETTINGS)} is a symbolic link to ${home.at('dotfiles/config.json')}`,
    );
    expect(ran.stderr).toContain('stow or another dotfiles manager');
    expect(await home.read('dotfiles/config.json')).toBe(text);
    expect((await lstat(home.at(SETTINGS))).isSymbolicLink()).toBe(true);
    expect(asked()).toHaveLength(before);
  });

  it('are written after the command in the message was typed', async ({ harness }) => {
    const { vastai, home } = harness;
    const text = '{"version":1,"current":"work","profiles":{"work":{}}}';
    await linkIn(harness, SETTINGS, await home.write('dotfiles/config.json', text));
    const { stderr } = await vastai(['profile', 'use', 'default']);
    const command = /(cp -RL .*)$/mu.exec(stderr)?.[1] ?? 'false';
    execFileSync('sh', ['-c', command], { cwd: home.path });
    expect((await vastai(['profile', 'use', 'default'])).status).toBe(0);
    expect(await home.read('dotfiles/config.json')).toBe(text);
    expect((await lstat(home.at(SETTINGS))).mode & 0o777).toBe(0o600);
  });

  it.for([
    ['are no JSON', '{'],
    ['are of a newer vastai', '{"version":99,"profiles":{}}'],
  ] as const)('that %s are a warning when key and URL are given', async ([, text], { harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(SETTINGS, text);
    const env = { VAST_API_KEY: sandbox.key };
    const ran = await vastai(SHOW, { env });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain('Warning: The settings are ignored.');
    expect(ran.stderr).toContain(home.at(SETTINGS));
    expect((await vastai([...SHOW, '--profile', 'work'], { env })).status).toBe(9);
    expect((await vastai(SHOW, { env: { ...env, VAST_URL: undefined } })).status).toBe(9);
    expect((await vastai(SHOW)).status).toBe(9);
    expect((await vastai(['set', 'api-key', sandbox.key], { env })).status).toBe(9);
    expect(await home.read(SETTINGS)).toBe(text);
  });
});

describe.runIf(onPosix).concurrent('a key is not written through a symbolic link', () => {
  it('in the place of the folder, and the message says what to type', async ({ harness }) => {
    const { vastai, home, sandbox, asked } = harness;
    await mkdir(home.at('dotfiles'));
    await linkIn(harness, '.config/vastai', home.at('dotfiles'));
    const ran = await vastai(['set', 'api-key', sandbox.key]);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(`${home.at('.config/vastai')} is a symbolic link to ${home.at('dotfiles')}`);
    expect(asked()).toEqual([]);
    const command = /(cp -RL .*)$/mu.exec(ran.stderr)?.[1] ?? 'false';
    execFileSync('sh', ['-c', command], { cwd: home.path });
    expect((await vastai(['set', 'api-key', sandbox.key])).status).toBe(0);
    expect(await home.read('dotfiles/vast_api_key')).toBeUndefined();
  });

  it('and unset says that its target was not removed', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await linkIn(harness, KEY_FILE, await home.write('dotfiles/key', sandbox.key));
    const ran = await vastai(['unset', 'api-key', '--yes']);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`not removed: ${home.at('dotfiles/key')}`);
    expect(await home.read('dotfiles/key')).toBe(sandbox.key);
  });
});

describe.runIf(onPosix).concurrent('a link that leads nowhere', () => {
  const links = ['.config', '.config/vastai', KEY_FILE, SETTINGS];
  it.for(links)('in the place of %s is removed by the advised command', async (name, { harness }) => {
    const { vastai, home, sandbox } = harness;
    await linkIn(harness, name, home.at('nowhere'));
    const save = ['set', 'api-key', sandbox.key, '--storage', 'file'];
    const refused = await vastai(save);
    expect(refused.status).toBe(9);
    const advised = /remove the link: (?<command>rm .*)/u.exec(refused.stderr)?.groups?.command ?? '';
    execFileSync('sh', ['-c', advised]);
    expect((await vastai(save)).status).toBe(0);
  });
});
