import { describe, expect, it } from 'vitest';
import { notUnderstood } from './not-understood.js';
import { readFile } from './read-file.js';

function listed(text: string): (string | number | null)[][] {
  const file = readFile(text);
  if (file === undefined) throw new Error('Not readable.');
  return notUnderstood(file.document, file).map(({ path, line, column }) => [path, line, column]);
}

describe('notUnderstood', () => {
  it('lists categories, keys, values, patterns and constraints with their lines', () => {
    const text = `{
  "api": {
    "ssh_key_read": {},
    "misc": { "*": {} },
    "billing_read": "full",
    "instance_write": {
      "api.instance.reboot": { "constraints": { "id": { "in": [5] } } },
      "api.instance.destroy": { "id": 5 }
    }
  },
  "params": {},
  "note": "x"
}`;
    expect(listed(text)).toEqual([
      ['$.api.ssh_key_read', 3, 5],
      ["$.api.misc['*']", 4, 15],
      ['$.api.billing_read', 5, 5],
      ["$.api.instance_write['api.instance.reboot'].constraints.id", 7, 49],
      ["$.api.instance_write['api.instance.destroy'].id", 8, 33],
      ['$.params', 11, 3],
      ['$.note', 12, 3],
    ]);
  });

  it('points into a document that is inside "permissions", and to the last of duplicate keys', () => {
    expect(listed('{"permissions":\n{"api":{"x":{},\n"x":{}}}}')).toEqual([['$.permissions.api.x', 3, 1]]);
  });

  it('has no lines for a document that is not a file, and nothing for full access', () => {
    expect(notUnderstood({ api: {} })).toMatchObject([{ path: '$.api', line: null, column: null }]);
    expect(notUnderstood(null)).toEqual([]);
  });

  it('takes time in proportion to the document', () => {
    const api = Object.fromEntries(Array.from({ length: 50_000 }, (_, index) => [`x${index}`, {}]));
    expect(listed(JSON.stringify({ api }))).toHaveLength(50_000);
  });
});

describe('readFile', () => {
  it.each([
    ['{"api":{"misc":{},}, /* a */ "api":{"billing_read":{}}}', { api: { billing_read: {} } }],
    ['{"$schema":"x","api":{}}', { api: {} }],
    ['{"permissions":{"api":{}}}', { api: {} }],
    ['{"permissions":{"api":{}},"api":{"misc":{}}}', { permissions: { api: {} }, api: { misc: {} } }],
    ['{"permissions":{"misc":{}}}', { permissions: { misc: {} } }],
    ['{"read":true}', { read: true }],
  ])('reads %s', (text, document) => {
    expect(readFile(text)?.document).toEqual(document);
  });

  it.each(['', '[]', '"{}"', '{"api":', '{"api":{}} x', '{api:{}}'])('does not read %j', (text) => {
    expect(readFile(text)).toBeUndefined();
  });
});
