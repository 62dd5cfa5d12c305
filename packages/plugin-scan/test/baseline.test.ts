import { symlinkSync } from 'node:fs';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe } from 'vitest';

describe.concurrent('a baseline of scan', () => {
  it('hides its keys even if lines move, and shows new ones', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    const [old, added] = [await harness.unknownKey(), await harness.unknownKey()];
    await home.write('work/a.env', `VAST_API_KEY=${old}\n`);
    const cwd = home.at('work');
    const written = await vastai(['scan', '--write-baseline', 'known.json'], { cwd });
    expect(written).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'No new Vast.ai key found in 1 file.\nWrote 1 key to known.json, as hashes.\n',
    });
    const text = (await home.read('work/known.json')) ?? '';
    expect(text).not.toContain(old);
    expect(text).not.toContain(old.slice(-4));
    expect(JSON.parse(text).findings).toMatchObject([{ path: 'a.env' }]);
    await home.write('work/a.env', `# a\n\nOTHER_VAST_KEY=${added}\nVAST_API_KEY=${old}\n`);
    await home.write('work/b.env', `VAST_API_KEY=${old}\n`);
    const ran = await vastai(['scan', '--baseline', 'known.json', '--json'], { cwd });
    expect(ran.status).toBe(10);
    expect(ran.json().findings).toMatchObject([
      { path: 'a.env', line: 3 },
      { path: 'b.env', line: 1 },
    ]);
    const [, salt] = JSON.parse(text).findings[0].fingerprint.split(':');
    expect(ran.json().findings[0].fingerprint).toContain(`:${salt}:`);
  });

  it('holds wherever it is used in a repository', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    await home.write('work/.git/HEAD', '');
    await home.write('work/sub/a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    await vastai(['scan', '--write-baseline', 'known.json'], { cwd: home.at('work') });
    for (const [cwd, args] of [
      ['work/sub', ['--baseline', '../known.json']],
      ['work/sub', ['--baseline', '../known.json', 'a.env']],
      ['work', ['--baseline', 'known.json', './sub']],
    ] as const)
      expect((await vastai(['scan', ...args], { cwd: home.at(cwd) })).status).toBe(0);
  });

  it('is rewritten with the same salt, so that only changes differ', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    await home.write('work/a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    const write = () => vastai(['scan', 'work', '--write-baseline', 'known.json']);
    await write();
    const before = await home.read('known.json');
    expect((await write()).status).toBe(0);
    expect(await home.read('known.json')).toBe(before);
  });

  it('never overwrites another file, and is not written through a link', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    await home.write('work/a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    await home.write('package.json', '{"version": 1}\n');
    const ran = await vastai(['scan', 'work', '--write-baseline', 'package.json']);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('package.json is not a baseline.');
    expect(await home.read('package.json')).toBe('{"version": 1}\n');
    if (process.platform === 'win32') return;
    symlinkSync('target.json', home.at('link.json'));
    expect((await vastai(['scan', 'work', '--write-baseline', 'link.json'])).status).toBe(2);
    expect(await home.read('target.json')).toBe(undefined);
  });

  it('is not read from something else, of which nothing is repeated', async ({ harness, expect }) => {
    const { vastai, home } = harness;
    await home.write('work/a.env', `VAST_API_KEY=${await harness.unknownKey()}\n`);
    const ran = await vastai(['scan', 'work', '--baseline', 'work/a.env']);
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain('work/a.env is not a baseline.');
  });
});
