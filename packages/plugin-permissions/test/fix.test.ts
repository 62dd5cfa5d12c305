import { chmod, link, readdir, stat, symlink } from 'node:fs/promises';
import { it } from '@vastai-cli/testing/checkout/cli';
import { canOpenTerminal } from '@vastai-cli/testing/terminal-session';
import { describe, expect } from 'vitest';

const BROKEN = '{\n  // what it is for\n  "api": {\n    "instance_reed": {},\n  }\n}\n';
const FIXED = '{\n  "api": {\n    "instance_read": {}\n  }\n}\n';
const fix = (...args: string[]) => ['permissions', 'fix', 'perms.json', ...args];

describe.concurrent('permissions fix', () => {
  it('shows the changes and writes nothing with --dry-run', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', BROKEN);
    const ran = await vastai(fix('--dry-run'));
    expect(ran).toMatchObject({ status: 0, stderr: 'No changes written.\n' });
    expect(ran.stdout).toBe(
      [
        'perms.json: VP003 Removed 1 comment.',
        'perms.json: VP004 Removed 1 trailing comma.',
        'perms.json: VP014 Renamed "instance_reed" to "instance_read".',
        '2 -   // what it is for',
        '4 -     "instance_reed": {},',
        '3 +     "instance_read": {}',
        '',
      ].join('\n'),
    );
    expect(await home.read('perms.json')).toBe(BROKEN);
  });

  it('writes with --yes, keeps the mode, and leaves no other file behind', async ({ harness }) => {
    const { vastai, home } = harness;
    const path = await home.write('folder/perms.json', BROKEN);
    await chmod(path, 0o640);
    const ran = await vastai(['permissions', 'fix', 'folder/perms.json', '--yes', '--json']);
    expect(ran.status).toBe(0);
    expect(ran.json()).toMatchObject({
      file: 'folder/perms.json',
      written: true,
      fixes: [{ code: 'VP003' }, { code: 'VP004' }, { code: 'VP014' }],
      changes: [{ mark: '-', line: 2, text: '  // what it is for' }, {}, {}],
      diagnostics: [],
    });
    expect(await home.read('folder/perms.json')).toBe(FIXED);
    expect((await stat(path)).mode & 0o777).toBe(0o640);
    expect(await readdir(home.at('folder'))).toEqual(['perms.json']);
    const again = await vastai(['permissions', 'fix', path, '--yes']);
    expect(again).toMatchObject({ status: 0, stdout: `${path}: nothing to repair.\n` });
  });

  it('asks on a terminal, and writes only if confirmed', async ({ skip, harness: { onTerminal, home } }) => {
    skip(!canOpenTerminal(), 'there is no program to open a terminal with');
    await home.write('perms.json', BROKEN);
    for (const [answer, status, content] of [
      ['n', 2, BROKEN],
      ['y', 0, FIXED],
    ] as const) {
      const session = onTerminal(fix());
      await session.see('Write perms.json?');
      session.type(`${answer}\r`);
      const { status: ended, screen } = await session.ended;
      expect([ended, screen.includes('"instance_read"')]).toEqual([status, true]);
      expect(await home.read('perms.json')).toBe(content);
    }
  });

  it('writes nothing if it cannot ask', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', BROKEN);
    const ran = await vastai(fix());
    expect(ran).toMatchObject({ status: 2, stderr: expect.stringContaining('--yes') });
    expect(await home.read('perms.json')).toBe(BROKEN);
  });

  it('does not write through a symbolic link', async ({ harness: { vastai, home } }) => {
    await home.write('real.json', BROKEN);
    await symlink('real.json', home.at('perms.json'));
    const ran = await vastai(fix('--yes', '--json'));
    expect(ran.status).toBe(2);
    expect(ran.json().error.message).toBe('perms.json is a symbolic link. Nothing was written.');
    expect(await home.read('real.json')).toBe(BROKEN);
    expect((await readdir(home.path)).filter((name) => name.includes('tmp'))).toEqual([]);
  });

  it('does not change the other hard link of a file', async ({ harness: { vastai, home } }) => {
    await link(await home.write('other.json', BROKEN), home.at('perms.json'));
    expect((await vastai(fix('--yes'))).status).toBe(0);
    expect(await home.read('other.json')).toBe(BROKEN);
  });

  it('repairs UTF-16, and ends with 10 if errors remain', async ({ harness: { vastai, home } }) => {
    await home.write('perms.json', Buffer.from('\uFEFF{"api":{"nonsense":{}}}', 'utf16le'));
    const ran = await vastai(fix('--yes'));
    expect(ran.status).toBe(10);
    expect(ran.stdout).toContain('perms.json: VP005 Converted the file to UTF-8.\nWrote perms.json.\n');
    expect(ran.stdout).toContain('perms.json:1:9: error VP014');
    expect(await home.read('perms.json')).toBe('{"api":{"nonsense":{}}}');
  });

  it('does not say that nothing is to be repaired if only errors are left', async ({ harness }) => {
    const { vastai, home } = harness;
    await home.write('perms.json', '{"api":{"nonsense":{}}}');
    for (const flag of ['--yes', '--dry-run']) {
      const ran = await vastai(fix(flag));
      expect(ran).toMatchObject({ status: 10, stderr: '' });
      expect(ran.stdout).toMatch(
        /^perms\.json: fix cannot repair this\. Correct it yourself:\nperms\.json:1:9: error VP014 [^\n]+\n$/u,
      );
    }
  });

  it('prints what standard input should be, and what it changed on standard error', async ({ harness }) => {
    const { vastai } = harness;
    const ran = await vastai(['permissions', 'fix', '-'], { input: BROKEN });
    expect(ran).toEqual(expect.objectContaining({ status: 0, stdout: FIXED }));
    expect(ran.stderr).toContain('<stdin>: VP014 Renamed "instance_reed" to "instance_read".\n');
    const valid = await vastai(['permissions', 'fix', '-'], { input: FIXED });
    expect(valid).toMatchObject({ status: 0, stdout: FIXED, stderr: '' });
    const wrong = await vastai(['permissions', 'fix', '-'], { input: '{"api": {"nonsense": {},}}' });
    expect(wrong).toMatchObject({ status: 10, stdout: '{"api": {"nonsense": {}}}' });
    expect(wrong.stderr).toMatch(/<stdin>:1:\d+: error VP014 /);
    const planned = await vastai(['permissions', 'fix', '-', '--dry-run'], { input: BROKEN });
    expect(planned).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('3 +     "instance_read": {}'),
    });
  });

  it.for([
    ['key:1'],
    ['role:ops'],
    ['git:HEAD:perms.json'],
    ['preset:host'],
    ['nowhere.json'],
    ['perms.json', '--yes', '--dry-run'],
  ])('ends with 2 for %j', async (args, { harness: { vastai, home } }) => {
    await home.write('perms.json', BROKEN);
    expect((await vastai(['permissions', 'fix', ...args], { input: BROKEN })).status).toBe(2);
    expect(await home.read('perms.json')).toBe(BROKEN);
  });
});
