import { describe, expect, it } from 'vitest';
import { MAX_BYTES } from '../json/source-text.js';
import { validate } from './validate.js';

const codes = (input: Uint8Array | string): string[] =>
  validate(input, 'f').diagnostics.map(({ code }) => code);
const helpOf = (text: string): string[] => validate(text, 'f').diagnostics.map(({ help }) => help);

describe('validate', () => {
  it('returns the document without $schema, and the decoded text', () => {
    const text = '{ "$schema": "x", "api": { "billing_read": {} } }';
    expect(validate(text, 'f')).toEqual({ document: { api: { billing_read: {} } }, diagnostics: [], text });
    expect(validate(Buffer.from(`\ufeff${text}`), 'f')).toMatchObject({
      document: { api: { billing_read: {} } },
      text,
    });
  });

  it('returns complete diagnostics', () => {
    expect(validate('{\n  "api": { "instances_read": {} }\n}', 'perms.json').diagnostics).toEqual([
      {
        code: 'VP014',
        severity: 'error',
        file: 'perms.json',
        line: 2,
        column: 12,
        endLine: 2,
        endColumn: 28,
        path: '$.api.instances_read',
        message: 'Unknown category "instances_read".',
        help: 'Did you mean "instance_read"?',
      },
    ]);
  });

  it('treats "__proto__" as an ordinary key', () => {
    const { document } = validate(
      '{ "api": { "billing_read": {}, "params": { "__proto__": { "x": 1 } } } }',
      'f',
    );
    const { params } = (document as { api: { params: object } }).api;
    expect(Object.keys(params)).toEqual(['__proto__']);
    expect(Object.getPrototypeOf(params)).toBe(Object.prototype);
    expect(JSON.stringify(document)).toBe('{"api":{"billing_read":{},"params":{"__proto__":{"x":1}}}}');
  });

  it('shows the equivalent of legacy formats in its help', () => {
    expect(helpOf('{ "manage_instances": true, "view_billing": true, "manage_account": false }')).toEqual([
      'Use instead: { "api": { "instance_read": {}, "instance_write": {}, "billing_read": {} } }',
    ]);
    expect(helpOf('{ "read": true, "write": false }')).toEqual([
      'Use instead: { "api": { "user_read": {}, "instance_read": {}, "billing_read": {}, "machine_read": {}, "team_read": {} } }',
    ]);
    expect(codes('{ "read": true, "name": "x" }')).toEqual(['VP013', 'VP011']);
    expect(codes('{ "instance_read": true }')).toEqual(['VP010', 'VP011']);
  });

  it.each([
    ['instances_read', 'Did you mean "instance_read"?'],
    ['InstanceRead', 'Did you mean "instance_read"?'],
    ['instance-wirte', 'Did you mean "instance_write"?'],
    ['billing', 'Did you mean "billing_read" or "billing_write"?'],
    ['api.team.members', 'Put the endpoint "api.team.members" inside "team_read".'],
    ['api.team.member', 'Put the endpoint "api.team.members" inside "team_read".'],
  ])('suggests a name for the category %s', (category, help) => {
    expect(helpOf(JSON.stringify({ api: { [category]: {} } }))).toEqual([help]);
  });

  it('escapes names from a file in messages', () => {
    const name = `\u001b[31m\u202e"\\${'x'.repeat(200)}`;
    for (const { message, help, path } of validate(JSON.stringify({ api: { [name]: {} } }), 'f')
      .diagnostics) {
      expect(`${message}${help}${path}`).not.toMatch(/[\p{Cc}\u202e]/u);
      expect(message.length).toBeLessThan(200);
    }
  });

  it('counts only a constraint on a route parameter as a limit on destroying', () => {
    const destroy = (leaf: unknown): string[] =>
      codes(JSON.stringify({ api: { instance_write: { 'api.instance.destroy': leaf } } }));
    expect(destroy({ constraints: { id: { eq: 5 } } })).toEqual([]);
    expect(destroy({})).toEqual(['VP206']);
    expect(destroy({ constraints: { id: {} } })).toEqual(['VP206', 'VP106']);
    expect(destroy({ constraints: { label: { eq: 'x' } } })).toEqual(['VP206', 'VP102']);
  });

  it('reads files up to exactly 10 MiB', () => {
    const text = '{ "api": { "billing_read": {} } }';
    expect(codes(text.padEnd(MAX_BYTES))).toEqual([]);
    expect(codes(new Uint8Array(MAX_BYTES + 1))).toEqual(['VP006']);
    expect(codes(text.padEnd(MAX_BYTES - 1, ' ').concat('é'))).toEqual(['VP006']);
  });

  it('reads 10,000 endpoints', () => {
    const endpoints = Object.fromEntries(
      Array.from({ length: 10_000 }, (_, id) => [
        `api.thing.number${id}`,
        { constraints: { id: { eq: id } } },
      ]),
    );
    const { document, diagnostics } = validate(
      JSON.stringify({ api: { instance_read: endpoints } }, null, 2),
      'f',
    );
    expect(document).toEqual({ api: { instance_read: endpoints } });
    expect(diagnostics).toHaveLength(10_000);
  });

  it.each([
    ['many keys that stand twice', `{${'"a":1,'.repeat(100_000)}"b":1}`],
    ['a long key over many findings', `{"${'k'.repeat(2_000_000)}":{${'"a":1,'.repeat(60_000)}"b":1}}`],
    ['only quotes', '"'.repeat(1_000_000)],
    ['only commas', `{${','.repeat(1_000_000)}`],
    ['only opening braces', '{"":'.repeat(100_000)],
    ['only comments', '//\n'.repeat(100_000)],
    ['only NUL bytes', '\0'.repeat(1_000_000)],
    ['many misspelt categories', `{"api":{${'"instance_raed":1,'.repeat(100_000)}"misc":{}}}`],
  ])('finishes with %s', (_, text) => {
    const { document, diagnostics } = validate(text, 'f');
    expect(document).toBeUndefined();
    expect(diagnostics.length).toBeLessThanOrEqual(50_001);
  });
});
