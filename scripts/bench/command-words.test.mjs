import { expect, it } from 'vitest';
import { commandWords, shownCommand } from './command-words.mjs';

it.for([
  ['gh --version', ['gh', '--version']],
  ['  python3   vast.py show user ', ['python3', 'vast.py', 'show', 'user']],
  [`"/my programs/cli" show 'a "b"' --x="1 2"`, ['/my programs/cli', 'show', 'a "b"', '--x=1 2']],
  [`cli ''`, ['cli', '']],
])('takes %j apart', ([text, words]) => {
  expect(commandWords(text)).toEqual(words);
});

it.for(['', '  ', `cli 'open`, 'cli "'])('refuses %j', (text) => {
  expect(() => commandWords(text)).toThrow(/no command/u);
});

it('shows no path', () => {
  expect(shownCommand(['/home/me/python3', 'C:\\me\\vast.py', 'show', 'user'])).toBe(
    'python3 vast.py show user',
  );
});
