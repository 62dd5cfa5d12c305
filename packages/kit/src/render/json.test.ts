import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { colourJson, toJson } from './json.js';
import { STYLED, UNSTYLED } from './styles.js';

const HOSTILE =
  '\u0000\u001b[2J\u007f\u009b31m\u061c\u200b\u200f\u2028\u202e\u2066\ufeff\u00ad\u034f\u{e0041}\u{e0101}"\\\n é 🚀 ❤️';

describe('toJson', () => {
  it('escapes characters that could control a terminal, in values and names', () => {
    const json = toJson({ [HOSTILE]: [HOSTILE] });
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(json).not.toMatch(/[\u061c\u200b\u200f\u2028\u202e\u2066\ufeff]/);
    expect(json).not.toMatch(/\u00ad|\u034f|[\u{e0000}-\u{e0fff}]/u);
    expect(json).toContain('\\udb40\\udc41');
    expect(json).toContain('é 🚀 ❤️');
  });

  it.each([
    ['\u007f', '\\u007f'],
    ['\u009f', '\\u009f'],
    ['\u061c', '\\u061c'],
    ['\u202e', '\\u202e'],
    ['\ufeff', '\\ufeff'],
  ])('escapes %j', (character, escaped) => {
    expect(toJson(`a${character}b${character}`)).toBe(`"a${escaped}b${escaped}"`);
  });

  it('does not change the value', () => {
    const value = { [HOSTILE]: [HOSTILE, 1.5, -0.1, 1e21, true, false, null, {}, []] };
    expect(JSON.parse(toJson(value))).toEqual(value);
  });
});

describe('colourJson', () => {
  const json = toJson({ 'a "key": {': ['null', 'text with 1 and true', -1.5e3, 1e21, true, null], b: {} });

  it('adds only colour', () => {
    const style = STYLED;
    const coloured = colourJson(json, style);
    expect(coloured).toContain(style.yellow('null'));
    expect(coloured).toContain(style.green('"text with 1 and true"'));
    expect(coloured).toContain(style.cyan('"b"'));
    expect(stripVTControlCharacters(coloured)).toBe(json);
  });

  it('uses different colours for names, strings and other values', () => {
    const style = STYLED;
    const value = { 'a\\"': 'b"1', n: [-12.25, 1e21, 2e-17, 0], t: true, f: false, z: null };
    const name = (text: string) => `${style.cyan(text)}:`;
    const { green, yellow } = style;
    expect(colourJson(toJson(value), style)).toBe(
      [
        '{',
        `  ${name('"a\\\\\\""')} ${green('"b\\"1"')},`,
        `  ${name('"n"')} [`,
        `    ${yellow('-12.25')},`,
        `    ${yellow('1e+21')},`,
        `    ${yellow('2e-17')},`,
        `    ${yellow('0')}`,
        '  ],',
        `  ${name('"t"')} ${yellow('true')},`,
        `  ${name('"f"')} ${yellow('false')},`,
        `  ${name('"z"')} ${yellow('null')}`,
        '}',
      ].join('\n'),
    );
  });

  it('adds nothing if colour is off', () => {
    expect(colourJson(json, UNSTYLED)).toBe(json);
  });
});
