import { readdirSync, readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { capabilitiesOf } from '../decision/capabilities.js';
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

  const billing = '{ "api": { "billing_read": {} } }';

  it.each([
    ['{ "permissions": { "api": { "billing_read": {} } } }\n', `${billing}\n`, ['VP027']],
    ['[{ "api": { "billing_read": {} } }]', billing, ['VP008']],
    [JSON.stringify(billing), billing, ['VP008']],
    [`[{"name":"ci","permissions":${JSON.stringify(billing)}}]`, billing, ['VP008', 'VP027', 'VP008']],
  ])('takes the document out of %s', (text, expected, expectedCodes) => {
    expect(fixed(text)).toBe(expected);
    expect(codes(text)).toEqual(expectedCodes);
  });

  it('says what is lost next to a document', () => {
    expect(fixDocument('{"id":5,"name":"ci","permissions":{"api":{"misc":{}}}}').fixes).toEqual([
      { code: 'VP027', message: 'Removed "permissions" around the document, with "id", "name" next to it.' },
    ]);
  });

  it('takes a document out of any number of wrappers', () => {
    expect(fixed(`${'['.repeat(90)}{"api":{}}${']'.repeat(90)}`)).toBe('{"api":{}}');
  });

  it.each<[text: string, code: string, categories: string[]]>([
    ['{"manage_instances": true, "manage_billing": false}', 'VP012', ['instance_read', 'instance_write']],
    ['{"view_billing": true, "view_team_members": true}', 'VP012', ['billing_read', 'team_read']],
    [
      '{"read": true, "write": false}',
      'VP013',
      ['user_read', 'instance_read', 'billing_read', 'machine_read', 'team_read'],
    ],
    [
      '{"instances":"full","ssh_keys":"read","templates":"read"}',
      'VP026',
      ['user_read', 'instance_read', 'instance_write'],
    ],
    [
      '{"instances":["read"],"machines":"Read-Only","billing":"none"}',
      'VP026',
      ['instance_read', 'machine_read'],
    ],
    ['{"$schema":"x","volumes":"write"}', 'VP026', ['instance_write']],
  ])('replaces %s with categories', (text, code, categories) => {
    const { text: written, fixes } = fixDocument(text);
    expect(Object.keys((JSON.parse(written) as { api: object }).api)).toEqual(categories);
    expect(fixes).toMatchObject([{ code }]);
    expect(written.includes('$schema')).toBe(text.includes('$schema'));
  });

  it('says which read categories can do more than read', () => {
    const { fixes } = fixDocument('{"instances":"read","ssh_keys":"read"}');
    expect(fixes[0]?.message).toContain(
      '"user_read" can also change or delete the account and show stored secrets.',
    );
  });

  it('never writes a document that can create keys, that grants nothing, or that has an error', () => {
    const name = fc.constantFrom(
      ...[
        'read',
        'write',
        'instances',
        'manage_billing',
        'ssh_keys',
        'view_users',
        'teams',
        'gpus',
        'misc',
        'api',
      ],
    );
    const value = fc.constantFrom<unknown>(true, false, 'full', 'read', 'write', 'none', 'x', {}, [
      'read',
      'all',
    ]);
    fc.assert(
      fc.property(fc.dictionary(name, value), (legacy) => {
        const { text, fixes } = fixDocument(JSON.stringify(legacy));
        if (!fixes.some(({ code }) => ['VP012', 'VP013', 'VP026'].includes(code))) return;
        const { document } = validate(text, 'f');
        expect(document).toBeDefined();
        expect(document).not.toEqual({ api: {} });
        expect(capabilitiesOf(document).map(({ capability }) => capability)).not.toContain('mint-keys');
      }),
      { numRuns: 2000 },
    );
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
    ['a format that asks for keys that create keys', '{"read":true,"write":true}'],
    ['a format that grants nothing', '{"manage_instances":false}'],
    ['a switch that is like no category', '{"manage_instances":true,"manage_gpus":true}'],
    ['a switch that is there twice', '{"manage_instances":true,"manage_instances":false}'],
    ['words beside something else', '{"instances":"full","limit":5}'],
    ['a word that it does not know', '{"instances":"full","volumes":"sometimes"}'],
    ['a category that can both search and rent', '{"offers":"read"}'],
    ['a list of two documents', '[{"api":{"billing_read":{}}},{"api":{"team_read":{}}}]'],
    ['a list without a document', '[5]'],
    ['a string without a document', '"perms.json"'],
    ['what stands for full access', '{"permissions":false}'],
    ['a document beside what could matter', '{"permissions":{"api":{}},"key_params":{}}'],
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

  it('does not make a file larger than it may be', () => {
    const file = (members: number) =>
      `{"api":{"instance_read":{"api.instance.show":{"constraints":{${'"id":5,'.repeat(members)}"x":1}}}}}`;
    const large = fixDocument(file(650_000));
    expect([large.fixes.length, large.text === file(650_000)]).toEqual([0, true]);
    const { text, fixes } = fixDocument(file(550_000));
    expect(fixes.length).toBe(550_001);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(MAX_BYTES);
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
