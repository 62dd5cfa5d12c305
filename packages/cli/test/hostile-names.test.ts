import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { it } from '@vastai-cli/testing/checkout/cli';
import { describe, expect } from 'vitest';

/** Would clear the screen, change the title and ring; the last begins a sequence in one character. */
const NAME = 'a\u001b[2J\u001b]0;title\u0007b\u009b31mc';
const STEERS = /[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/u;

const PERMISSIONS = '{ "api": { "instance_read": {}, "nonsense": {} } }';

describe.skipIf(process.platform === 'win32').concurrent('a name with terminal sequences', () => {
  it.for(
    [
      ['set', 'api-key', '-'],
      ['auth', 'status'],
      ['doctor'],
      ['version', '--verbose'],
      ['profile', 'list'],
      ['config', 'migrate', '--dry-run'],
      ['config', 'migrate'],
      ['config', 'migrate', '--undo'],
      ['reset', 'api-key', '--yes'],
      ['unset', 'api-key', '--yes'],
      ['profile', 'remove', 'work', '--yes'],
      ['plugins'],
    ]
      .flatMap((words) => [words, [...words, '--json']])
      .map((words) => ({ words, line: words.join(' ') })),
  )('of the home is harmless in what is printed by: $line', async ({ words }, { harness }) => {
    const { vastai, home, sandbox } = harness;
    const file = (path: string) => home.write(join(NAME, path), sandbox.key);
    await file('.vast_api_key');
    if (!['migrate', 'set'].includes(words[0] ?? '')) await file('.config/vastai/vast_api_key');
    await file('.config/vastai/profiles/work/vast_api_key');
    const env = { HOME: home.at(NAME) };
    const ran = await vastai(words, { env, cwd: home.at(NAME), input: sandbox.key, printsKey: true });
    expect(ran.status).not.toBe(2);
    expect(ran.stdout).not.toMatch(STEERS);
    expect(ran.stderr).not.toMatch(STEERS);
  });

  it('of a folder above .vastai-profile is harmless', async ({ harness: { vastai, home } }) => {
    await home.write(`${NAME}/.vastai-profile`, 'work');
    for (const words of [
      ['auth', 'status'],
      ['show', 'user'],
      ['profile', 'use', 'work'],
    ]) {
      const ran = await vastai(words, { cwd: home.at(NAME) });
      expect(ran.stdout + ran.stderr).not.toMatch(STEERS);
    }
  });

  it('of a file is harmless', async ({ harness: { vastai, home, saveKey } }) => {
    await saveKey();
    await mkdir(home.at('folder'));
    for (const words of [
      ['permissions', 'init', NAME],
      ['permissions', 'init', NAME],
      ['permissions', 'validate', NAME],
      ['permissions', 'validate', NAME, '--format', 'github'],
      ['permissions', 'validate', `${NAME}-missing`],
      ['permissions', 'explain', NAME],
      ['permissions', 'fix', NAME, '--yes'],
      ['permissions', 'diff', NAME, 'perms.json'],
      ['permissions', 'test', NAME],
      ['create', 'api-key', '--name', NAME],
      ['create', 'api-key', '--name', 'ci', '--permission_file', `${NAME}-missing`],
      ['show', 'user', `--${NAME}`],
      ['show', 'user', '--profile', NAME],
      ['config', 'migrate', '--to', NAME],
      [NAME],
      ['help', NAME],
      ['plugins', 'uninstall', NAME],
    ]) {
      await home.write('perms.json', PERMISSIONS);
      const ran = await vastai(words);
      expect(ran.stdout, words.join(' ')).not.toMatch(STEERS);
      expect(ran.stderr, words.join(' ')).not.toMatch(STEERS);
    }
  });
});
