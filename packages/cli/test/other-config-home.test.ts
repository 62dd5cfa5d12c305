import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';
import { doctor } from './support/doctor.js';

describe.concurrent('a key in ~/.config that XDG_CONFIG_HOME leads away from', () => {
  it('is named by the error, auth status and doctor, and is not sent', async ({ harness }) => {
    const { vastai, home, saveKey, asked, sandbox } = harness;
    const path = await saveKey();
    const env = { XDG_CONFIG_HOME: home.at('snap/code/1/.config') };
    const used = await vastai(['show', 'user'], { env });
    expect(used.status).toBe(3);
    expect(used.stderr).toContain(`${path} contains a key, but is not read because XDG_CONFIG_HOME is`);
    expect(used.stderr).toContain('unset XDG_CONFIG_HOME');
    const status = await vastai(['auth', 'status', '--json'], { env });
    expect(status.status).toBe(3);
    expect(status.json().sources).toContainEqual(
      expect.objectContaining({
        source: 'file',
        state: 'absent',
        problems: [
          expect.objectContaining({ code: 'other_config_home', message: expect.stringContaining(path) }),
        ],
      }),
    );
    const { problems } = await doctor(vastai, env);
    expect(problems.map(({ message }) => message)).toContainEqual(expect.stringContaining(path));
    expect(used.stderr + status.stdout).not.toContain(sandbox.key.slice(-4));
    expect(asked()).toEqual([]);
  });

  it.for(['default', 'work'])('of %s is used once the advice was followed', async (profile, { harness }) => {
    const { vastai, home, sandbox } = harness;
    const file = profile === 'default' ? KEY_FILE : '.config/vastai/profiles/work/vast_api_key';
    const path = await home.write(file, sandbox.key);
    const env = { XDG_CONFIG_HOME: home.at('elsewhere'), VASTAI_STORAGE: 'file' };
    const flags = profile === 'default' ? [] : ['--profile', profile];
    const without = await vastai(['show', 'user', ...flags], { env });
    const copy = `vastai set api-key -${['', ...flags].join(' ')} < ${path}`;
    expect(without.stderr).toContain(`To copy it here: ${copy}`);
    const saved = await vastai(['set', 'api-key', '-', ...flags], { env, input: sandbox.key });
    expect(saved.status).toBe(0);
    expect((await vastai(['show', 'user', ...flags], { env })).status).toBe(0);
  });

  it('is copied for the API that it was saved for', async ({ harness }) => {
    const { vastai, home, saveKey, sandbox } = harness;
    const path = await saveKey();
    await home.write(SETTINGS, JSON.stringify({ version: 1, profiles: { default: { url: sandbox.url } } }));
    const env = { XDG_CONFIG_HOME: home.at('elsewhere'), VAST_URL: 'https://vast.invalid' };
    const { stderr } = await vastai(['show', 'user'], { env });
    expect(stderr).toContain(`To copy it here: vastai set api-key - --url ${sandbox.url} < ${path}`);
  });

  it('is not copied where nothing tells the API that it was saved for', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    await home.write(SETTINGS, '{');
    const { stderr } = await vastai(['show', 'user'], { env: { XDG_CONFIG_HOME: home.at('elsewhere') } });
    expect(stderr).toContain('To use it: unset XDG_CONFIG_HOME');
    expect(stderr).not.toContain('To copy it here');
  });

  it('is the one of the profile that was chosen there', async ({ harness }) => {
    const { vastai, home, sandbox } = harness;
    const path = await home.write('.config/vastai/profiles/work/vast_api_key', sandbox.key);
    await home.write(SETTINGS, JSON.stringify({ version: 1, current: 'work', profiles: { work: {} } }));
    const { stderr } = await vastai(['show', 'user'], { env: { XDG_CONFIG_HOME: home.at('elsewhere') } });
    expect(stderr).toContain(`${path} contains a key, but is not read`);
  });

  it('is not a problem to doctor where another key is found', async ({ harness }) => {
    const { vastai, home, saveKey, sandbox } = harness;
    await saveKey();
    const env = { XDG_CONFIG_HOME: home.at('elsewhere'), VAST_API_KEY: sandbox.key };
    expect((await doctor(vastai, env)).problems).toEqual([]);
  });
});
