import { describe, expect, it } from 'vitest';
import { sortWords } from './sort-words.js';

const json = { name: 'json', type: 'boolean' };
const profile = { name: 'profile', type: 'option' };
const yes = { name: 'yes', type: 'boolean', char: 'y' };
const COMMANDS = new Map([
  ['show:user', [json, profile, { name: 'no-color', type: 'boolean' }]],
  ['show:api-keys', [json, profile]],
  ['delete:api-key', [json, profile, yes]],
  ['create:api-key', [{ name: 'permission_file', type: 'option', aliases: ['permission-file'] }, yes]],
  [
    'login',
    [{ name: 'type', type: 'option', char: 't' }, yes, { name: 'wait', type: 'boolean', allowNo: true }],
  ],
  ['plugins', [json]],
  ['plugins:install', [{ name: 'force', type: 'boolean' }]],
]);

/** Returns what oclif gets: the name of the command, a bar, the rest. */
function sorted(line: string): string {
  const { id, names, rest } = sortWords(line.split(' '), COMMANDS);
  const others = rest.flatMap(({ words }) => words);
  return `${id === undefined ? '?' : ''}${names.join(' ')} | ${others.join(' ')}`.trim();
}

describe('sortWords', () => {
  it.each([
    ['show user --json', 'show user | --json'],
    ['--json show user', 'show user | --json'],
    ['show --json user', 'show user | --json'],
    ['--profile work show user', 'show user | --profile work'],
    ['--profile=work show user more', 'show user | --profile=work more'],
    ['--profile show show user', 'show user | --profile show'],
    ['--profile= show user', 'show user | --profile='],
    ['--profile -- show user', 'show user | --profile --'],
    ['show user --profile', 'show user | --profile'],
    ['show api_keys --no_color', 'show api-keys | --no-color'],
    ['show --no_color user', 'show user | --no-color'],
    ['create --permission-file show api_key', 'create api-key | --permission-file show'],
    ['create --permission-file=a_b api-key', 'create api-key | --permission-file=a_b'],
    ['-y delete api-key 42 -- -y', 'delete api-key | -y 42 -- -y'],
    ['delete api-key -5', 'delete api-key | -5'],
    ['-t show login', 'login | -t show'],
    ['-tshow login', 'login | -tshow'],
    ['-yt show login', 'login | -yt show'],
    ['-t=show login', 'login | -t=show'],
    ['--no-wait login', 'login | --no-wait'],
    ['plugins --json install x', 'plugins install | --json x'],
    ['--nope show user', 'show user | --nope'],
    ['--permission_file x show user', 'show user | --permission_file x'],
    ['--json show:user', 'show:user | --json'],
  ])('%s → %s', (line, result) => {
    expect(sorted(line)).toBe(result);
  });

  it.each([
    ['delete', '?delete |'],
    ['show --json', '?show | --json'],
    ['delete -- api-key', '?delete | -- api-key'],
    ['--nope work show user', '?work show user | --nope'],
    ['--profile work', '? | --profile work'],
    ['- show user', '?- show user |'],
  ])('%s is no command', (line, result) => {
    expect(sorted(line)).toBe(result);
  });

  it('reports the flags that no command knows', () => {
    const { rest } = sortWords(['--nope', '--permission_file', 'x', 'show', 'user', '--json'], COMMANDS);
    expect(rest.map(({ flag, knownTo }) => [flag, knownTo])).toEqual([
      ['--nope', 'nobody'],
      ['--permission_file', 'another command'],
      ['--json', 'the command'],
    ]);
  });
});
