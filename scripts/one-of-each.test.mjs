import { describe, expect, it } from 'vitest';
import { isObject as ofCore } from '../packages/core/src/base/json-object.js';
import { escapeInvisible, withoutInvisible } from '../packages/core/src/base/terminal-safe.js';
import { isObject as ofPermissions } from '../packages/permissions/src/json/json-object.js';
import { replaceUnseen } from '../packages/permissions/src/json/unseen.js';

/** All characters but half surrogate pairs, which core takes for text that is broken. */
const CHARACTERS = Array.from({ length: 0x110000 }, (_, point) => point)
  .filter((point) => point < 0xd800 || point > 0xdfff)
  .map((point) => String.fromCodePoint(point));

describe('core and permissions, which do not import each other', () => {
  it('use the same set of invisible characters', () => {
    const isSeen = (character) => replaceUnseen(character, () => '') === character;
    const different = CHARACTERS.filter(
      (character) => isSeen(character) !== (escapeInvisible(character) === character) && character !== '\n',
    );
    expect(different).toEqual([]);
  });

  it('agree on which values are JSON objects', () => {
    for (const value of [{}, { a: 1 }, [], [{}], null, undefined, '', 'a', 0, true, false])
      expect(ofPermissions(value)).toBe(ofCore(value));
  });
});

describe('withoutInvisible', () => {
  it('keeps the joiners that scripts and emoji need, and removes everything else that is escaped', () => {
    const left = CHARACTERS.filter(
      (character) => escapeInvisible(character) !== character && withoutInvisible(character) !== '',
    );
    expect(left).toEqual(['\u200c', '\u200d']);
  });
});
