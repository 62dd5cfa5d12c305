import { OFFICIAL_COMMANDS, withinTwoLetters } from '@vastai-cli/kit/official-commands';
import { describe, expect, it } from 'vitest';
import { commandWords, theirCommand, theirNearest } from './their-commands.js';

/** Returns every way to swap two letters of a word that stand side by side. */
function swapped(word: string): string[] {
  return [...word]
    .map(
      (char, at) =>
        `${word.slice(0, Math.max(0, at - 1))}${char}${word.slice(at - 1, at)}${word.slice(at + 1)}`,
    )
    .slice(1);
}

describe('a command of the official CLI', () => {
  it.each(OFFICIAL_COMMANDS)('%s is found in what begins with it, and near what misspells it', (command) => {
    const words = command.split(' ');
    expect(theirCommand([...words, '5', '--raw'])).toBe(command);
    expect(theirCommand(words.map((word) => word.replaceAll('-', '_')))).toBe(command);
    for (const typed of swapped(command)) {
      // With a digit inside, it may be a part of a key.
      if (commandWords(typed.split(' ')).join(' ') !== typed) continue;
      const found = theirNearest(typed.split(' ')) ?? '';
      // Another one may be as close.
      expect(withinTwoLetters(typed, [found])).toBe(found);
    }
  });

  it('is not near everything', () => {
    for (const words of [['foo'], ['frobnicate'], ['show', 'balance'], ['search', 'newthings'], ['5']])
      expect(theirNearest(words)).toBeUndefined();
  });
});

describe('the words of a command', () => {
  it('end before what may be a key, a value or a flag', () => {
    expect(commandWords(['show', 'env_vars', '5'])).toEqual(['show', 'env-vars']);
    expect(commandWords(['copy', 'C.5:/data', 'here'])).toEqual(['copy']);
    expect(commandWords(['--raw', 'show', 'user'])).toEqual([]);
    expect(commandWords(['search', '0123456789abcdef'])).toEqual(['search']);
  });
});
