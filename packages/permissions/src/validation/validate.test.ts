import { describe, expect, it } from 'vitest';
import { fixDocument } from '../fix/fix.js';
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
    const [help = ''] = helpOf('{ "read": true, "write": false }');
    expect(help).toMatch(/^"user_read" can also change or delete the account and show stored secrets\. /u);
    expect(help).toContain('"machine_read" can also show stored secrets.');
    expect(help).toMatch(
      /Use instead: \{ "api": \{ "user_read": \{\}, "instance_read": \{\}, "billing_read": \{\}, "machine_read": \{\}, "team_read": \{\} \} \}$/u,
    );
    expect(codes('{ "read": true, "name": "x" }')).toEqual(['VP013', 'VP011']);
    expect(codes('{ "instance_read": true }')).toEqual(['VP010', 'VP011']);
  });

  it.each([
    ['ssh_key_read', 'SSH keys are in "user_read". "user_read" can also'],
    ['template_read', 'Templates are in "user_read". "user_read" can also'],
    ['templateWrite', 'Templates are in "user_write". "user_write" can also create keys with any permission'],
    ['volumes', 'Volumes are in "instance_read" and "instance_write".'],
    ['serverless_write', 'Serverless endpoints are in "misc".'],
    ['manage_invoices', 'Invoices are in "billing_read" and "billing_write".'],
  ])('says where the operations of the invented category %s are', (category, help) => {
    expect(helpOf(JSON.stringify({ api: { [category]: {} } }))[0]).toContain(help);
  });

  it.each([
    ['null', 'VP008', 'For a key with full access, use no file'],
    ['false', 'VP008', 'For a key with full access, use no file'],
    ['{"permissions":null}', 'VP027', 'For a key with full access, use no file'],
    ['{"permissions":{"api":{"misc":{}}}}', 'VP027', 'Remove "permissions" around the document.'],
    ['[{"api":{"misc":{}}}]', 'VP008', 'Remove the [ ] around the document.'],
    ['[{"api":{}},{"api":{}}]', 'VP008', 'Put each document in its own file.'],
    ['"{\\"api\\":{}}"', 'VP008', 'Remove the quotes and backslashes around the document.'],
    [
      '{"read":true,"write":true}',
      'VP013',
      '"user_write" can create keys with any permission, so write it only if',
    ],
    [
      '{"manage_gpus":true}',
      'VP012',
      'No category is equivalent to "manage_gpus". Use instead: { "api": { … } }',
    ],
  ])('says what to do with %s', (text, code, help) => {
    const [found, ...others] = validate(text, 'f').diagnostics;
    expect(others).toEqual([]);
    expect(found).toMatchObject({ code, help: expect.stringContaining(help) });
  });

  it('offers fix exactly for what fix repairs', () => {
    for (const text of ['[{"api":{}}]', '[5]', '{"permissions":{}}', '{"permissions":5}', '{"read":true}'])
      expect(validate(text, 'f').diagnostics[0]?.advice !== undefined, text).toBe(
        fixDocument(text).fixes.length > 0,
      );
  });

  it.each<[leaf: unknown, found: string[]]>([
    [{ constraints: { id: { gte: 0 } } }, ['VP206', 'VP108']],
    [{ constraints: { id: { gte: -5 } } }, ['VP206', 'VP108']],
    [{ constraints: { id: { lte: 1e15 } } }, ['VP206', 'VP108']],
    [{ constraints: { id: { gte: 1, lte: 2 ** 31 - 1 } } }, ['VP206', 'VP108']],
    [{ constraints: { id: { gte: 1000 } } }, ['VP206', 'VP108']],
    [{ constraints: { id: { eq: '*' } } }, ['VP206', 'VP209']],
    [{ constraints: { id: { gte: 5, lte: 9 } } }, []],
    [{ constraints: { id: { lte: 9 } } }, []],
    [{ constraints: { id: { eq: 5, gte: 0 } } }, []],
    [{ constraints: { id: { eq: '5' } } }, ['VP109']],
  ])('takes %j as a limit on destroying only if it is one', (leaf, found) => {
    expect(codes(JSON.stringify({ api: { instance_write: { 'api.instance.destroy': leaf } } }))).toEqual(
      found,
    );
  });

  it('has no security finding for a category that reads and can only plan a maintenance besides', () => {
    const { diagnostics } = validate('{"api":{"instance_read":{}}}', 'f');
    expect(diagnostics).toMatchObject([
      { code: 'VP207', severity: 'warning', message: expect.stringContaining('machine.maintenance_create') },
    ]);
  });

  it.each(['{"api":{}}', '{"api":{"constraints":{}}}', '{"api":{"params":{}}}'])(
    'says that the effect of %s is unknown',
    (text) => {
      expect(codes(text)).toContain('VP208');
      expect(codes(text)).not.toContain('VP105');
      expect(validate(text, 'f').document).toBeDefined();
    },
  );

  it('says that a name which is not published may do what its category can', () => {
    const found = validate('{"api":{"user_write":{"api.sshkeys.create":{},"api.x.y":{}}}}', 'f').diagnostics;
    const codesFound = found.map(({ code }) => code);
    expect(codesFound.filter((code) => code === 'VP101')).toHaveLength(2);
    for (const code of ['VP201', 'VP202', 'VP203', 'VP204', 'VP206'])
      expect(codesFound.filter((one) => one === code)).toHaveLength(1);
    expect(codesFound).not.toContain('VP207');
    expect(found[1]?.message).toMatch(
      /^"api\.sshkeys\.create" and another name in "user_write" may create keys.*apikey\.create/u,
    );
    expect(codes('{"api":{"billing_read":{"api.invoice.list":{}}}}')).toEqual(['VP101']);
  });

  it('says "may" where something that is not documented could change the effect', () => {
    for (const text of [
      '{"api":{"billing_write":{"constraints":{}}}}',
      '{"api":{"billing_write":{},"params":{}}}',
      '{"constraints":{},"api":{"billing_write":{}}}',
    ]) {
      const message = validate(text, 'f').diagnostics.find(({ code }) => code === 'VP205')?.message;
      expect(message).toMatch(/^"billing_write" may spend money: .*credit\.transfer/u);
    }
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
