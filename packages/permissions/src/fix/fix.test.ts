import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validate } from '../validation/validate.js';
import { fixDocument } from './fix.js';

const fixed = (input: Uint8Array | string): string => fixDocument(input).text;
const codes = (input: Uint8Array | string): string[] => fixDocument(input).fixes.map(({ code }) => code);

describe('fixDocument', () => {
  it('takes comments out, with their line where they have one', () => {
    const text = '{\r\n  // one\r\n  "api": { /* two */ "billing_read": {} } // three\r\n}\r\n/* four */';
    expect(fixed(text)).toBe('{\r\n  "api": {   "billing_read": {} }\r\n}\r\n');
    expect(fixDocument(text).fixes).toEqual([{ code: 'VP003', message: 'Removed 4 comments.' }]);
  });

  it('never joins two tokens by taking a comment out', () => {
    expect(fixed('{"api":{"billing_read":{}}, "x": 1/**/2}')).toBe('{"api":{"billing_read":{}}, "x": 1 2}');
  });

  it('takes trailing commas out, also before a comment', () => {
    expect(fixed('{ "api": { "billing_read": {}, // last\n }, }')).toBe(
      '{ "api": { "billing_read": {}\n } }',
    );
    expect(codes('{ "api": { , } }')).toEqual([]);
  });

  it('writes UTF-16 and byte order marks as plain UTF-8', () => {
    const text = '{ "api": { "billing_read": {} } }';
    expect(fixDocument(Buffer.from(`\ufeff${text}`, 'utf16le'))).toEqual({
      text,
      fixes: [{ code: 'VP005', message: 'Wrote the file as UTF-8.' }],
    });
    expect(fixDocument(`\ufeff${text}`)).toEqual({
      text,
      fixes: [{ code: 'VP107', message: 'Removed the byte order mark.' }],
    });
  });

  it('takes a byte order mark out that stands behind a comment, in one go', () => {
    expect(codes('// made by a tool\n\ufeff{ "api": {} }')).toEqual(['VP003', 'VP107']);
    expect(fixed('// made by a tool\n\ufeff{ "api": {} }')).toBe('{ "api": {} }');
  });

  it('corrects names that are but misspelt', () => {
    expect(
      fixed(
        '{"api": {"Instance-Read": {"api.instance.shwo": {"constraints": {"id": {"GTE": "1", "lte": "9"}}}}}}',
      ),
    ).toBe(
      '{"api": {"instance_read": {"api.instance.show": {"constraints": {"id": {"gte": 1, "lte": 9}}}}}}',
    );
  });

  it('writes a bare value as a condition', () => {
    expect(fixed('{"api": {"instance_read": {"api.instance.show": {"constraints": {"id": 5}}}}}')).toBe(
      '{"api": {"instance_read": {"api.instance.show": {"constraints": {"id": { "eq": 5 }}}}}}',
    );
  });

  it('puts "api" around categories that lack it, and around nothing else', () => {
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
  ])('leaves %s alone', (_, text) => {
    expect(fixDocument(text)).toEqual({ text, fixes: [] });
  });

  it('leaves a file alone that it could not write back whole', () => {
    expect(codes(Buffer.concat([Buffer.from('\ufeff{"api":{},}'), Buffer.from([0xff])]))).toEqual([]);
    expect(codes(new Uint8Array(11 * 1024 * 1024))).toEqual([]);
  });

  it('is soon done with 20,000 misspelt names', () => {
    const names = Array.from({ length: 20_000 }, (_, index) => `"api.instance.sh${index % 10}w": {}`);
    expect(codes(`{"api":{"instance_read":{${names.join(',')}}}}`)).toEqual([]);
  });

  it('leaves nothing in the corpus that it could still repair', () => {
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
