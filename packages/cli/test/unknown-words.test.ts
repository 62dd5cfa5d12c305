import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

describe.concurrent('a word that is not known', () => {
  it.for([
    [['show', 'usr'], 'vastai show user'],
    [['show', 'api-kyes'], 'vastai show api-keys'],
    [['sho', 'user'], 'vastai show user'],
    [['set', 'apikey', '5ecret5ecret'], 'vastai set api-key'],
    [['--profile', 'work', 'show', 'usr'], 'vastai show user --profile work'],
    [['profile', 'lst', '--profile', 'work'], 'vastai profile list\n'],
  ] as const)('%j: the nearest command is named, and not run', async ([args, nearest], { harness }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(args);
    expect(ran.status).toBe(2);
    expect(ran.stdout).toBe('');
    expect(ran.stderr).toContain(nearest);
    expect(ran.stderr).not.toContain('5ecret5ecret');
    expect(asked()).toEqual([]);
  });

  it.for([
    ['auth login', 'set api-key'],
    ['login', 'set api-key'],
    ['logout', 'unset api-key'],
    ['whoami', 'show user'],
    ['status', 'auth status'],
    ['profile add', 'set api-key --profile NAME'],
    ['profile create work', 'set api-key --profile NAME'],
    ['profiles', 'profile list'],
    ['config show', 'doctor'],
    ['completion', 'autocomplete'],
    ['completion zsh', 'autocomplete'],
    ['plugins list', 'plugins'],
    ['auth logout', 'unset api-key'],
    ['auth whoami', 'show user'],
    ['auth list', 'auth status'],
    ['auth switch work', 'profile use NAME'],
    ['profile switch work', 'profile use NAME'],
    ['profile delete work', 'profile remove NAME'],
    ['profile new', 'set api-key --profile NAME'],
    ['profile show', 'profile list'],
    ['config list', 'doctor'],
    ['config get url', 'doctor'],
    ['shell', 'exec'],
  ] as const)('known from elsewhere, "%s", names our command', async ([typed, ours], { harness }) => {
    const { vastai, saveKey, asked } = harness;
    await saveKey();
    const ran = await vastai(typed.split(' '));
    expect(ran).toMatchObject({ status: 2, stdout: '' });
    expect(ran.stderr).toContain(`Did you mean: vastai ${ours}\n`);
    expect(asked()).toEqual([]);
  });

  it('is a flag of no command, which help does not pass over', async ({ harness: { vastai } }) => {
    for (const args of [['help'], ['help', 'show', 'user'], ['--nope', 'help']]) {
      const ran = await vastai([...args, '--nope', '--json']);
      expect(ran.status).toBe(2);
      expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('--nope') });
    }
  });

  it('is not guessed when nothing is near', async ({ harness: { vastai } }) => {
    const ran = await vastai(['frobnicate']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toContain('vastai help');
  });

  it('behind a command is an argument that it does not take', async ({ harness: { vastai } }) => {
    const ran = await vastai(['show', 'user', '5ecret5ecret']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toBe('Error: Unexpected argument.\nSee: vastai show user --help\n');
  });

  it('is no way to get a key printed', async ({ harness: { vastai, unknownKey } }) => {
    const key = await unknownKey();
    for (const args of [
      [key],
      ['help', key],
      ['set', key],
      ['set', 'api-key', `--${key}`],
      ['show', 'user', `--apikey=${key}`],
      ['show', 'user', key],
      ['show', 'api-key', key],
      ['create', 'api-key', '--name', 'ci', '--key_params', key],
      ['create', 'api-key', '--name', 'ci', '--retry', key],
    ]) {
      const ran = await vastai([...args, '--json']);
      expect(ran.status).toBe(2);
      expect(ran.stdout + ran.stderr).not.toContain(key);
    }
  });
});

describe.concurrent('help', () => {
  it('lists what there is, and nothing that is not', async ({ harness: { vastai } }) => {
    const { stdout } = await vastai(['help']);
    for (const topic of ['auth', 'config', 'create', 'delete', 'profile', 'reset', 'set', 'show', 'unset'])
      expect(stdout).toMatch(new RegExp(`^ +${topic} `, 'm'));
    expect(stdout).not.toMatch(/^ +(scan|rotate|prune|tfa) /m);
  });

  it('is shown for -h, and the version for -v', async ({ harness: { vastai } }) => {
    expect((await vastai(['show', 'user', '-h'])).stdout).toContain('USAGE');
    expect((await vastai(['-v'])).stdout).toBe((await vastai(['--version'])).stdout);
  });

  it('tells of both spellings of a flag with an underscore', async ({ harness: { vastai } }) => {
    const { stdout } = await vastai(['create', 'api-key', '--help']);
    expect(stdout).toContain('--permission_file');
    expect(stdout).toContain('--key_params');
  });
});
