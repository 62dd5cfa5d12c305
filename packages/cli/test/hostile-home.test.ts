import { execFileSync } from 'node:child_process';
import { chmod, mkdir, symlink } from 'node:fs/promises';
import { AS_ANYBODY } from '@vastai-cli/testing/as-anybody';
import { it } from '@vastai-cli/testing/checkout/cli';
import { KEY_FILE, LEGACY_FILE, SETTINGS } from '@vastai-cli/testing/places';
import { describe, expect } from 'vitest';

const SHOW = ['show', 'user'];
const SECRET = '5ecret5ecret5ecret5ecret';
const onPosix = it.skipIf(process.platform === 'win32');

describe.concurrent('an unusable stored key stops the command', () => {
  it.for([
    ['has several lines', `${SECRET}\n${SECRET}\n`],
    ['has a control character', `${SECRET}\u0000`],
    ['is UTF-16 with a mark', Buffer.from(`\ufeff${SECRET}`, 'utf16le')],
    ['is no text at all', Uint8Array.of(0xc3, 0x28, 0xff)],
    ['is far too large', SECRET.repeat(100_000)],
  ] as const)('when it %s', async ([, content], { harness }) => {
    const { vastai, sandbox, home, asked } = harness;
    await home.write(KEY_FILE, content);
    await home.write(LEGACY_FILE, sandbox.key);
    const ran = await vastai([...SHOW, '--json']);
    expect(ran.status).toBe(9);
    expect(ran.json().error).toMatchObject({ code: 'storage', hint: expect.stringMatching(/\S/) });
    expect(ran.json().error.message).toContain(home.at(KEY_FILE));
    expect(ran.stdout + ran.stderr).not.toContain(SECRET);
    expect(await home.read(LEGACY_FILE)).toBe(sandbox.key);
    expect(asked()).toEqual([]);
  });

  it('if a folder is in its place', async ({ harness: { vastai, home, asked } }) => {
    await home.write(`${KEY_FILE}/inside`, '');
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain(home.at(KEY_FILE));
    expect(ran.stderr).not.toMatch(/\n\s+at /);
    expect(asked()).toEqual([]);
  });

  onPosix('when a link that leads nowhere is in its place', async ({ harness: { vastai, home, asked } }) => {
    await mkdir(home.at('.config/vastai'), { recursive: true });
    await symlink(home.at('nowhere'), home.at(KEY_FILE));
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(9);
    expect(ran.stderr).toContain('symbolic link');
    expect(asked()).toEqual([]);
  });

  onPosix('when a pipe is in its place, without waiting for it', async ({ harness }) => {
    const { vastai, home, asked } = harness;
    await mkdir(home.at('.config/vastai'), { recursive: true });
    execFileSync('mkfifo', [home.at(KEY_FILE)]);
    expect((await vastai(SHOW)).status).toBe(9);
    expect(asked()).toEqual([]);
  });

  it('and an empty one counts as none', async ({ harness: { vastai, saveKey, asked } }) => {
    await saveKey(' \n');
    expect((await vastai(SHOW)).status).toBe(3);
    expect(asked()).toEqual([]);
  });

  onPosix('but one that others can read is used, with a warning', async ({ harness }) => {
    const { vastai, home, saveKey } = harness;
    await saveKey();
    await chmod(home.at(KEY_FILE), 0o644);
    const ran = await vastai(SHOW);
    expect(ran.status).toBe(0);
    expect(ran.stderr).toMatch(/Warning: .*0644/);
    expect(ran.stderr).toContain('vastai config migrate');
  });
});

describe.concurrent('unusable settings stop the command, and are not changed', () => {
  it.for([
    ['no JSON', '{"version":1,'],
    ['an empty file', ''],
    ['UTF-16', Buffer.from('\ufeff{}', 'utf16le')],
    ['a newer version', '{"version":99,"profiles":{}}'],
    ['a current profile that cannot be one', '{"current":"../x"}'],
    ['a profile with a name that is none', '{"profiles":{"__proto__":{}}}'],
    ['a URL that is none', '{"profiles":{"default":{"url":"console"}}}'],
  ] as const)('%s', async ([, content], { harness: { vastai, home, sandbox, asked } }) => {
    await home.write(SETTINGS, content);
    const before = await home.read(SETTINGS);
    const env = { VAST_API_KEY: sandbox.key, VAST_URL: undefined };
    const ran = await vastai([...SHOW, '--json'], { env });
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toContain(home.at(SETTINGS));
    expect(await home.read(SETTINGS)).toBe(before);
    expect(asked()).toEqual([]);
  });

  it('no key is sent to a plain http URL of another machine', async ({ harness }) => {
    const { vastai, home, saveKey, asked } = harness;
    await saveKey();
    await home.write(SETTINGS, '{"profiles":{"default":{"url":"http://192.0.2.1"}}}');
    const ran = await vastai(SHOW, { env: { VAST_URL: undefined } });
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('plain http');
    expect(asked()).toEqual([]);
  });
});

describe.concurrent('an unreadable home folder', () => {
  onPosix('is no hindrance when the key is given', async ({ harness: { vastai, sandbox, home } }) => {
    await chmod(home.path, 0);
    const options = { cwd: '/', through: AS_ANYBODY };
    const ran = await vastai(SHOW, { ...options, env: { VAST_API_KEY: sandbox.key } });
    expect(ran.status).toBe(0);
    expect((await vastai([...SHOW, '--api-key', sandbox.key], options)).status).toBe(0);
    await chmod(home.path, 0o700);
  });

  onPosix('is an error of its own when it is not', async ({ harness: { vastai, home, asked } }) => {
    await chmod(home.path, 0);
    const ran = await vastai([...SHOW, '--json'], { cwd: '/', through: AS_ANYBODY });
    await chmod(home.path, 0o700);
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toContain('permission denied');
    expect(ran.json().error.hint).toContain('VAST_API_KEY');
    expect(asked()).toEqual([]);
  });

  onPosix('is told from one without a key: the key file may not be read', async ({ harness }) => {
    const { vastai, home, saveKey, asked } = harness;
    await saveKey();
    await chmod(home.at(KEY_FILE), 0);
    const ran = await vastai([...SHOW, '--json'], { through: AS_ANYBODY });
    expect(ran.status).toBe(9);
    expect(ran.json().error.message).toContain(home.at(KEY_FILE));
    expect(asked()).toEqual([]);
  });

  it('does not have to exist', async ({ harness: { vastai, sandbox, home } }) => {
    const env = { HOME: home.at('nowhere'), USERPROFILE: home.at('nowhere') };
    expect((await vastai(SHOW, { env: { ...env, VAST_API_KEY: sandbox.key } })).status).toBe(0);
    expect((await vastai(SHOW, { env })).status).toBe(3);
  });
});
