import { Ansis } from 'ansis';
import { describe, expect, it } from 'vitest';
import { colourJson, toJson } from './json.js';

const HOSTILE =
  '\u0000\u001b[2J\u007f\u009b31m\u061c\u200b\u200f\u2028\u202e\u2066\ufeff\u00ad\u034f\u{e0041}\u{e0101}"\\\n é 🚀 ❤️';

describe('toJson', () => {
  it('escapes what could steer a terminal, in values and in names', () => {
    const json = toJson({ [HOSTILE]: [HOSTILE] });
    expect(json).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f]/);
    expect(json).not.toMatch(/[\u061c\u200b\u200f\u2028\u202e\u2066\ufeff]/);
    expect(json).not.toMatch(/\u00ad|\u034f|[\u{e0000}-\u{e0fff}]/u);
    expect(json).toContain('\\udb40\\udc41');
    expect(json).toContain('é 🚀 ❤️');
  });

  it('does not change the value', () => {
    const value = { [HOSTILE]: [HOSTILE, 1.5, -0.1, 1e21, true, false, null, {}, []] };
    expect(JSON.parse(toJson(value))).toEqual(value);
  });
});

describe('colourJson', () => {
  const json = toJson({ 'a "key": {': ['null', 'text with 1 and true', -1.5e3, 1e21, true, null], b: {} });

  it('adds colour and nothing else', () => {
    const style = new Ansis(1);
    const coloured = colourJson(json, style);
    expect(coloured).toContain(style.yellow('null'));
    expect(coloured).toContain(style.green('"text with 1 and true"'));
    expect(coloured).toContain(style.cyan('"b"'));
    expect(style.strip(coloured)).toBe(json);
  });

  it('adds nothing without colour', () => {
    expect(colourJson(json, new Ansis(0))).toBe(json);
  });
});
