import { describe, expect, it } from 'vitest';
import { toValue } from '../document/to-document.js';
import { parseJson } from './parse.js';

const read = (text: string): unknown => {
  const { root } = parseJson(text);
  return root === undefined ? undefined : toValue(root);
};
const places = (text: string): string[] =>
  parseJson(text).faults.map(({ kind, span }) => `${kind} ${span.start}-${span.end}`);

describe('parseJson', () => {
  it.each([
    'null',
    '[]',
    '{}',
    '[1,-2.5e3,"\\u00e9\\n",true,false,null]',
    '{"a":{"b":[{}]},"":0}',
    ' \r\n\t1 ',
  ])('reads %j as JSON.parse does', (text) => {
    expect(parseJson(text).faults).toEqual([]);
    expect(read(text)).toEqual(JSON.parse(text));
  });

  it.each([
    ['{"a":1 "b":2}', { a: 1, b: 2 }, ['syntax 7-10']],
    ['{"a" 1}', { a: 1 }, ['syntax 5-6']],
    ['{"a":}', { a: null }, ['syntax 5-6']],
    ["{'a':1}", { a: 1 }, ['syntax 1-4']],
    ['{a:1}', { a: 1 }, ['syntax 1-2']],
    ['[1,2,]', [1, 2], ['trailing_comma 4-5']],
    ['[1,,2]', [1, 2], ['syntax 3-4']],
    ['[,]', [], ['syntax 1-2']],
    ['[1 2]', [1, 2], ['syntax 3-4']],
    ['{"a":[1}', { a: [1] }, ['syntax 7-8']],
    ['[{"a":1]', [{ a: 1 }], ['syntax 7-8']],
    ['// x\n[/* y */]', [], ['comment 0-4', 'comment 6-13']],
    ['[] /* y', [], ['syntax 3-7']],
    ['[nul]', [], ['syntax 1-4']],
    ['[01]', [0, 1], ['syntax 2-3']],
    ['[-]', [], ['syntax 1-2']],
    ['["a', ['a'], ['syntax 1-3', 'syntax 3-3']],
    ['{}{}', {}, ['syntax 2-3']],
    ['}', undefined, ['syntax 0-1']],
    ['{:1}', {}, ['syntax 1-2', 'syntax 2-3']],
    ['{{}}', {}, ['syntax 1-2']],
  ])('continues after the errors in %j', (text, value, faults) => {
    expect(read(text)).toEqual(value);
    expect(places(text)).toEqual(faults);
  });

  it('keeps all duplicate keys with their positions', () => {
    const { root } = parseJson('{"a":1,"a":2}');
    expect(root?.type === 'object' && root.properties.map(({ keySpan }) => keySpan.start)).toEqual([1, 7]);
  });

  it('skips values that are nested too deeply, and reads what follows', () => {
    const deep = `${'['.repeat(5000)}${']'.repeat(5000)}`;
    expect(parseJson(`[${deep},7]`).faults.map(({ kind }) => kind)).toEqual(['too_deep']);
    expect((read(`[${deep},7]`) as unknown[]).at(-1)).toBe(7);
    expect(parseJson('['.repeat(100) + ']'.repeat(100)).faults).toEqual([]);
  });
});
