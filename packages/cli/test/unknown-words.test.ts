import { it } from '@vastai-cli/testing/checkout/cli';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect } from 'vitest';
import { withOfficialCli } from './support/official-on-path.js';
import { standIn } from './support/recipe.js';
import { shellOf } from './support/shell.js';

/** Words that people know from other command lines, in some of the ways to type them, and our command. */
const KNOWN_ELSEWHERE = [
  ['auth login', 'vastai set api-key'],
  ['auth login --with-token', 'vastai set api-key'],
  ['auth login 5ecret5ecret', 'vastai set api-key'],
  ['auth --profile work login', 'vastai set api-key --profile work'],
  ['help auth login', 'vastai set api-key'],
  ['auth login --help', 'vastai set api-key'],
  ['AUTH LOGIN', 'vastai set api-key'],
  ['auth logout', 'vastai unset api-key'],
  ['auth list', 'vastai auth status'],
  ['auth whoami', 'vastai show user'],
  ['Auth Status', 'vastai auth status'],
  ['login', 'vastai set api-key'],
  ['login 5ecret5ecret', 'vastai set api-key'],
  ['--profile work login', 'vastai set api-key --profile work'],
  ['logout', 'vastai unset api-key'],
  ['whoami', 'vastai show user'],
  ['WHOAMI', 'vastai show user'],
  ['help whoami', 'vastai show user'],
  ['status', 'vastai auth status'],
  ['profile add', 'vastai set api-key --profile NAME'],
  ['profile add work', 'vastai set api-key --profile work'],
  ['profile create my_work', 'vastai set api-key --profile my_work'],
  ['profile create work', 'vastai set api-key --profile work'],
  ['--profile work profile add', 'vastai set api-key --profile work'],
  ['profiles', 'vastai profile list'],
  ['config show', 'vastai doctor'],
  ['config list', 'vastai doctor'],
  ['config get api_key', 'vastai doctor'],
  ['config set api_key', 'vastai set api-key'],
  ['completion', 'vastai autocomplete'],
  ['completion zsh', 'vastai autocomplete'],
  ['plugins list', 'vastai plugins'],
  ['keys list', 'vastai show api-keys'],
  ['api-keys list', 'vastai show api-keys'],
  ['list api-keys', 'vastai show api-keys'],
  ['list api_keys --help', 'vastai show api-keys'],
  ['help list api-keys', 'vastai show api-keys'],
  ['auth switch default', 'vastai profile use default'],
  ['profile switch default', 'vastai profile use default'],
  ['profile delete default', 'vastai profile remove default'],
  ['profile new work', 'vastai set api-key --profile work'],
  ['profile show', 'vastai profile list'],
  ['curl users/current', 'vastai api PATH'],
  ['request', 'vastai api PATH'],
  ['shell', 'vastai exec'],
  ['upgrade', 'npm install -g vastai-cli'],
] as const;

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

  it.runIf(process.platform !== 'win32').for(KNOWN_ELSEWHERE)(
    'known from elsewhere, "%s", names a command that works',
    async (words, { harness }) => {
      const { vastai, saveKey, sandbox, asked } = harness;
      await saveKey();
      const npm = await standIn(harness, 'npm');
      const [typed, advised] = words;
      const ran = await vastai(typed.split(' '));
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toMatch(/^Error: Unknown command "[^"]+"\.\nDid you mean: .+\n$/u);
      expect(ran.stderr).toContain(`Did you mean: ${advised}\n`);
      expect(ran.stderr).not.toContain('5ecret5ecret');
      expect(asked()).toEqual([]);
      const asDocument = await vastai([...typed.split(' '), '--json']);
      expect(asDocument).toMatchObject({ status: 2, stderr: '' });
      expect(asDocument.json().error).toMatchObject({ code: 'usage', hint: `Did you mean: ${advised}` });

      const shell = await shellOf(harness);
      const answer = /^vastai (?:unset|profile remove) /u.test(advised) ? ' --yes' : '';
      const line = advised.replace('NAME', 'other').replace('PATH', 'users/current') + answer;
      const worked = await shell(line, { input: advised === 'vastai exec' ? '' : sandbox.key });
      // The home of a test has problems to report.
      expect([line, worked.status, worked.output]).toEqual([
        line,
        advised === 'vastai doctor' ? expect.toBeOneOf([0, 10]) : 0,
        worked.output,
      ]);
      expect(await npm()).toHaveLength(advised.startsWith('npm ') ? 1 : 0);
    },
  );

  it.runIf(process.platform !== 'win32' && installed('python3'))(
    'known from elsewhere, or of a topic that only we have, is not handed over',
    async ({ harness }) => {
      const { official, env } = withOfficialCli(harness);
      const words = [...KNOWN_ELSEWHERE.map(([typed]) => typed), 'auth frobnicate', 'config frobnicate'];
      const ran = await Promise.all(words.map((typed) => harness.vastai(typed.split(' '), { env })));
      expect(ran.map(({ status, stdout }) => [status, stdout])).toEqual(words.map(() => [2, '']));
      expect(await official.calls()).toEqual([]);
    },
  );

  it('is a flag of no command, which help does not pass over', async ({ harness: { vastai } }) => {
    for (const args of [['help'], ['help', 'show', 'user'], ['--nope', 'help']]) {
      const ran = await vastai([...args, '--nope', '--json']);
      expect(ran.status).toBe(2);
      expect(ran.json().error).toMatchObject({ code: 'usage', message: expect.stringContaining('--nope') });
    }
  });

  it('is not guessed when nothing is near', async ({ harness: { vastai } }) => {
    for (const word of ['frobnicate', 'cp', 'ps', 'pay', 'vm']) {
      const ran = await vastai([word]);
      expect(ran).toMatchObject({ status: 2, stdout: '' });
      expect(ran.stderr).toBe(`Error: Unknown command "${word}".\nSee: vastai help\n`);
    }
  });

  it('behind a command is an argument that it does not take', async ({ harness: { vastai } }) => {
    const ran = await vastai(['show', 'user', '5ecret5ecret']);
    expect(ran.status).toBe(2);
    expect(ran.stderr).toBe('Error: Unexpected argument.\nSee: vastai show user --help\n');
  });

  it('never makes vastai print a key', async ({ harness: { vastai, unknownKey } }) => {
    const key = await unknownKey();
    for (const args of [
      [key],
      ['help', key],
      ['login', 'onlylettersmaybeakeytoo'],
      ['profile', 'add', 'onlylettersmaybeakeytoo', 'onlylettersmaybeakeytoo'],
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
      expect(ran.json().error.message).not.toContain('onlylettersmaybeakeytoo');
    }
  });
});

describe.concurrent('help', () => {
  it('lists what there is, and nothing that is not', async ({ harness: { vastai } }) => {
    const { stdout } = await vastai(['help']);
    for (const topic of [
      'auth',
      'config',
      'create',
      'delete',
      'invite',
      'profile',
      'remove',
      'reset',
      'revoke',
      'prune',
      'rotate',
      'scan',
      'set',
      'show',
      'tfa',
      'unset',
      'update',
    ])
      expect(stdout).toMatch(new RegExp(`^ +${topic} `, 'm'));
    // That is a command of the official CLI.
    expect(stdout).not.toMatch(/^ +search /m);
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
