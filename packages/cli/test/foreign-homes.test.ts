import { chmod, chown, mkdir, stat } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { AS_NAMELESS, canBeOthers, giveHome, NAMELESS, ownersIn } from './support/as-user.js';

const SHOW = ['show', 'user'];
const asUser = { cwd: '/', through: AS_NAMELESS };

describe.runIf(canBeOthers).concurrent('root in the home of a user, as with sudo', () => {
  it('makes the user the owner of new files', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await giveHome(harness, NAMELESS);
    expect((await vastai(['set', 'api-key', sandbox.key])).status).toBe(0);
    expect((await vastai(['set', 'api-key', sandbox.key, '--profile', 'work'])).status).toBe(0);
    expect((await vastai(['profile', 'use', 'work'])).status).toBe(0);
    expect(await ownersIn(harness)).toEqual([NAMELESS]);
    expect((await stat(home.at(KEY_FILE))).mode & 0o777).toBe(0o600);
    expect((await vastai(SHOW, asUser)).status).toBe(0);
    expect((await vastai(['set', 'api-key', sandbox.key], asUser)).status).toBe(0);
  });

  it('keeps the user the owner of an existing key', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(LEGACY_FILE, sandbox.key);
    await giveHome(harness, NAMELESS);
    expect((await vastai(SHOW)).status).toBe(0);
    expect(await home.read(KEY_FILE)).toBe(sandbox.key);
    expect(await ownersIn(harness)).toEqual([NAMELESS]);
    expect((await vastai(SHOW, asUser)).status).toBe(0);
  });

  it('makes the user the owner of the receipt of a migration', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await home.write(LEGACY_FILE, sandbox.key);
    await home.write(SETTINGS, '{}');
    await giveHome(harness, NAMELESS);
    expect((await vastai(['config', 'migrate'])).status).toBe(0);
    expect(await ownersIn(harness)).toEqual([NAMELESS]);
  });

  it('makes the user the owner of plugins and completions', async ({ harness }) => {
    const { vastai, home } = harness;
    const plugin = {
      name: 'vastai-mine',
      version: '1.0.0',
      oclif: { commands: './commands' },
      dependencies: {},
    };
    await home.write('mine/package.json', JSON.stringify(plugin));
    await giveHome(harness, NAMELESS);
    await vastai(['plugins', 'link', home.at('mine'), '--no-install']);
    await vastai(['autocomplete', 'bash']);
    expect(await home.read('.local/share/vastai-cli/package.json')).toContain('vastai-mine');
    expect(await ownersIn(harness)).toEqual([NAMELESS]);
  });

  it('names the owner of the files if it cannot change the owner', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    await giveHome(harness, NAMELESS);
    const through = ['setpriv', '--bounding-set', '-chown', '--inh-caps', '-chown'];
    const ran = await vastai(['set', 'api-key', sandbox.key], { through });
    expect(ran.status).toBe(0);
    expect(ran.stderr).toContain(`now belongs to root, and user ${NAMELESS} cannot use it`);
    expect(ran.stderr).toContain(`Fix: chown -R ${NAMELESS} ${home.at('.config')}`);
  });
});

describe.runIf(canBeOthers).concurrent('a file of root in the home of a user', () => {
  it.for([
    ['the key file', KEY_FILE, ''],
    ['the settings', SETTINGS, ''],
    ['the folder', '.config/vastai', '-R '],
    ['the folder above', '.config', '-R '],
  ] as const)(
    'is reported with its owner and the command that fixes it: %s',
    async ([, name, deep], { harness }) => {
      const { vastai, home, saveKey, asked } = harness;
      await saveKey();
      await home.write(SETTINGS, '{"version":1,"profiles":{}}');
      await giveHome(harness, NAMELESS);
      await chown(home.at(name), 0, 0);
      await chmod(home.at(name), deep === '' ? 0o600 : 0o700);
      const ran = await vastai([...SHOW, '--json'], asUser);
      expect(ran.status).toBe(9);
      expect(ran.json().error.message).toMatch(/permission denied\. (?:It|\/.*) belongs to root\./u);
      expect(ran.json().error.hint).toContain(`sudo chown ${deep}"$(id -un)" ${home.at(name)}`);
      expect(asked()).toEqual([]);
    },
  );

  it('is reported when vastai has to write there', async ({ harness }) => {
    const { vastai, home, sandbox, asked } = harness;
    await mkdir(home.at('.config'), { mode: 0o755 });
    await giveHome(harness, NAMELESS);
    await chown(home.at('.config'), 0, 0);
    const ran = await vastai(['set', 'api-key', sandbox.key], asUser);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(`${home.at('.config')} belongs to root.`);
    expect(ran.stderr).toContain(`sudo chown -R "$(id -un)" ${home.at('.config')}`);
    expect(asked()).toEqual([]);
  });
});
