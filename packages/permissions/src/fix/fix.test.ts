import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { MAX_BYTES } from '../json/source-text.js';
import { validate } from '../validation/validate.js';
import { fixDocument } from './fix.js';

const fixed = (input: Uint8Array | string): string => fixDocument(input).text;
const codes = (input: Uint8Array | string): string[] => fixDocument(input).fixes.map(({ code }) => code);

describe('fixDocument', () => {
  it('removes comments, and their line if it is otherwise empty', () => {
    const text = '{\r\n  // one\r\n  "api": { /* two */ "billing_read": {} } // three\r\n}\r\n/* four */';
    expect(fixed(text)).toBe('{\r\n  "api": {   "billing_read": {} }\r\n}\r\n');
    expect(fixDocument(text).fixes).toEqual([{ code: 'VP003', message: 'Removed 4 comments.' }]);
  });

  it('never joins two tokens by removing a comment', () => {
    expect(fixed('{"api":{"billing_read":{}}, "x": 1/**/2}')).toBe('{"api":{"billing_read":{}}, "x": 1 2}');
  });

  it('removes trailing commas, including those before a comment', () => {
    expect(fixed('{ "api": { "billing_read": {}, // last\n }, }')).toBe(
      '{ "api": { "billing_read": {}\n } }',
    );
    expect(codes('{ "api": { , } }')).toEqual([]);
  });

  it('converts UTF-16 to UTF-8 and removes byte order marks', () => {
    const text = '{ "api": { "billing_read": {} } }';
    expect(fixDocument(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual({
      text,
      fixes: [{ code: 'VP005', message: 'Converted the file to UTF-8.' }],
    });
    expect(fixDocument(`\ufeff${text}`)).toEqual({
      text,
      fixes: [{ code: 'VP107', message: 'Removed the byte order mark.' }],
    });
  });

  it('removes a byte order mark after a comment in one run', () => {
    expect(codes('// made by a tool\n\ufeff{ "api": {} }')).toEqual(['VP003', 'VP107']);
    expect(fixed('// made by a tool\n\ufeff{ "api": {} }')).toBe('{ "api": {} }');
  });

  it('corrects misspelled names', () => {
    expect(
      fixed(
        '{"api": {"Instance-Read": {"api.instance.shwo": {"constraints": {"id": {"GTE": "1", "lte": "9"}}}}}}',
      ),
    ).toBe(
      '{"api": {"instance_read": {"api.instance.show": {"constraints": {"id": {"gte": 1, "lte": 9}}}}}}',
    );
  });

  it('changes a bare value to a condition', () => {
    expect(fixed('{"api": {"instance_read": {"api.instance.show": {"constraints": {"id": 5}}}}}')).toBe(
      '{"api": {"instance_read": {"api.instance.show": {"constraints": {"id": { "eq": 5 }}}}}}',
    );
  });

  it('wraps categories in "api", and nothing else', () => {
    expect(fixed('{ "$schema": "x", "billing_read": {}, "team_read": {} }')).toBe(
      '{ "$schema": "x", "api": { "billing_read": {}, "team_read": {} } }',
    );
    expect(codes('{ "billing_read": {}, "name": {} }')).toEqual([]);
    expect(codes('{ "billing_read": true }')).toEqual([]);
    expect(codes('{}')).toEqual([]);
  });

  it.each([
    ['a name that is there already', '{"api":{"instance_read":{},"instance_raed":{}}}'],
    ['two that mean the same', '{"api":{"instance_raed":{},"instanceRead":{}}}'],
    ['a name that could be two', '{"api":{"billing":{}}}'],
    ['what would grant something', '{"api":{"billing_read":true}}'],
    [
      'what it cannot mean for sure',
      '{"api":{"instance_read":{"api.instance.show":{"constraints":{"id":{"lt":5}}}}}}',
    ],
    ['a format of older pages', '{"read":true,"write":false}'],
    ['a part that is passed through', '{"api":{"billing_read":{},"params":{"Instance_Read":{"id":5}}}}'],
    ['a comment without an end', '{"api":{"billing_read":{}}} /* x'],
    ['what is not JSON otherwise', '{"api":{"instance_raed":{} "misc":{}}}'],
  ])('does not change %s', (_, text) => {
    expect(fixDocument(text)).toEqual({ text, fixes: [] });
  });

  it('does not change a file that it could not decode', () => {
    expect(codes(Buffer.concat([Buffer.from('\ufeff{"api":{},}'), Buffer.from([0xff])]))).toEqual([]);
    expect(codes(new Uint8Array(11 * 1024 * 1024))).toEqual([]);
  });

  it.each([
    ['bare values', '{"api":{"instance_read":{"api.instance.show":{"constraints":{', '"id":5,', '}}}}}'],
    [
      'quoted bounds',
      '{"api":{"instance_read":{"api.instance.show":{"constraints":{"id":{',
      '"gte":"5",',
      '}}}}}}',
    ],
    ['categories at the top', '{', '"billing_read":{},', '}'],
    ['comments', '{"api":{', '/**/', '}}'],
    ['commas', '{"api":{', ',', '}}'],
    ['switches of a legacy format', '{', '"manage_instances":true,', '}'],
    ['words', '{', '"instances":"full",', '}'],
    ['wrappers', '', '{"permissions":', '}'],
    ['lists', '', '[', ']'],
    ['backslashes in a string', '"', '\\\\', '"'],
  ])('ends with 10 MiB of %s', (_, before, repeated, after) => {
    const times = Math.floor((MAX_BYTES - before.length - after.length - 20) / repeated.length);
    const last = repeated.endsWith(',') && repeated !== ',' ? repeated.slice(0, -1) : '';
    const { text, fixes } = fixDocument(`${before}${repeated.repeat(times)}${last}${after}`);
    expect(typeof text).toBe('string');
    for (const { message } of fixes.slice(0, 3)) expect(message).not.toBe('');
  });

  it('handles 20,000 misspelled names quickly', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `"api.instance.sh${index % 10}w": {}`);
    expect(codes(`{"api":{"instance_read":{${names.join(',')}}}}`)).toEqual([]);
  });

  it('leaves nothing in the corpus to repair in a second run', () => {
    const corpus = new URL('../../corpus/', import.meta.url);
    const names = readdirSync(corpus).filter(
      (name) => name.endsWith('.json') && !name.includes('.generate.'),
    );
    for (const name of names) {
      const { text, fixes } = fixDocument(readFileSync(new URL(name, corpus)));
      if (fixes.length === 0) continue;
      expect(fixDocument(text), name).toEqual({ text, fixes: [] });
      const left = validate(text, name).diagnostics.map(({ code }) => code);
      for (const { code } of fixes) {
        if (code !== 'VP014' && code !== 'VP017' && code !== 'VP019' && code !== 'VP020')
          expect(left, name).not.toContain(code);
      }
    }
  });
});
