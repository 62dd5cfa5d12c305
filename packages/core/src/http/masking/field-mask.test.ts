import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FieldMask } from './field-mask.js';
import { secretFieldsOf } from './secret-fields.js';

const OTHER = 'b'.repeat(64);
const FIELDS = secretFieldsOf('GET', '/api/v0/users/current/');

/** Masks bytes that arrive in pieces, cut at these places. */
function inPieces(text: string, cuts: readonly number[], fields = FIELDS): string {
  const bytes = Buffer.from(text);
  const mask = new FieldMask(fields);
  const places = [0, ...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const pieces = places.slice(1).flatMap((place, at) => mask.push(bytes.subarray(places[at], place)));
  return Buffer.concat([...pieces, ...mask.end()]).toString();
}

const masked = (text: string, fields = FIELDS) => inPieces(text, [], fields);

const part = fc.constantFrom(
  'a',
  '"',
  '\\',
  '/',
  ' ',
  '\n',
  '{',
  '[',
  ':',
  ',',
  'é',
  '🔑',
  'ssh-rsa ',
  'api_key',
  'key',
  '":"',
  OTHER,
);
const string = fc.array(part, { maxLength: 4 }).map((parts) => parts.join(''));
const name = fc.constantFrom(
  'api_key',
  'key',
  'new_api_key',
  'session_key',
  'instance_api_key',
  'ssh_key',
  'id',
  'a"\\:',
  '"api_key',
  '\\"key',
);
const { value } = fc.letrec<{ value: unknown }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    string,
    fc.constantFrom(OTHER, 0, -0.5, 1e21, 12345678901, null, true, false),
    fc.array(tie('value'), { maxLength: 4 }),
    fc.array(fc.tuple(name, tie('value')), { maxLength: 4 }).map((entries) => Object.fromEntries(entries)),
  ),
}));
/** A text with white space, and with some characters of its strings escaped. */
const text = fc
  .tuple(value, fc.constantFrom(undefined, 1, '\t'), fc.constantFrom('', 'k', '/', '_', 'e'))
  .map(([value, space, escaped]) => {
    const code = `\\u${escaped.charCodeAt(0).toString(16).padStart(4, '0')}`;
    const plain = JSON.stringify(value, null, space);
    return escaped === ''
      ? plain
      : plain.replace(/"(?:[^"\\]|\\.)*"/gsu, (one) =>
          one.replace(/\\.|./gsu, (c) => (c === escaped ? code : c)),
        );
  });

/** Says what masking should make of a value, by another way. A rule holds for all that is in the value of its field. */
function expected(value: unknown, rule?: string, isRoot = true): unknown {
  if (typeof value === 'string') {
    if (rule === 'any') return value === '' ? '' : '…';
    return (rule !== undefined || isRoot) && /^[0-9a-f]{40,}$/iu.test(value) ? '…' : value;
  }
  if (typeof value === 'number') return rule === 'any' ? '…' : value;
  if (Array.isArray(value)) return value.map((item) => expected(item, rule, false));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [
      name,
      expected(item, rule === 'any' ? rule : (FIELDS.get(name) ?? rule), false),
    ]),
  );
}

describe('masking the fields of a response', () => {
  it('makes the same of it wherever it is cut', () => {
    fc.assert(
      fc.property(text, fc.array(fc.nat(), { maxLength: 12 }), (text, cuts) => {
        expect(inPieces(text, cuts)).toBe(masked(text));
      }),
      { numRuns: 2000 },
    );
  });

  it('makes the same of it if it is cut at any one place', () => {
    fc.assert(
      fc.property(text, (text) => {
        const whole = masked(text);
        for (let cut = 1; cut < Buffer.byteLength(text); cut += 1) expect(inPieces(text, [cut])).toBe(whole);
      }),
      { numRuns: 50 },
    );
  });

  it('makes the same of it byte by byte', () => {
    fc.assert(
      fc.property(text, (text) => {
        const cuts = Array.from({ length: Buffer.byteLength(text) }, (_, at) => at);
        expect(inPieces(text, cuts)).toBe(masked(text));
      }),
    );
  });

  it('masks the values of secret fields, and leaves all else as it is', () => {
    fc.assert(
      fc.property(text, (text) => {
        const result = masked(text);
        expect(JSON.parse(result)).toEqual(expected(JSON.parse(text)));
        if (JSON.stringify(JSON.parse(result)) === JSON.stringify(JSON.parse(text)))
          expect(result).toBe(text);
      }),
      { numRuns: 3000 },
    );
  });

  it('never fails, and keeps what is not JSON', () => {
    fc.assert(
      fc.property(
        fc.array(part).map((parts) => parts.join('')),
        fc.array(fc.nat()),
        (text, cuts) => {
          expect(inPieces(text, cuts)).toBe(masked(text));
        },
      ),
    );
    expect(masked('{"api_key":"half')).toBe('{"api_key":"…"');
    expect(masked('{"api_key"')).toBe('{"api_key"');
    expect(masked('')).toBe('');
  });

  it('finds every spelling of a secret field', () => {
    const escaped = Array.from(
      'instance_api_key',
      (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
    ).join('');
    expect(masked(`{"${escaped}":"a"}`)).toBe(`{"${escaped}":"…"}`);
    expect(masked('{"api\\u005Fkey" \n:\t"a"}')).toBe('{"api\\u005Fkey" \n:\t"…"}');
    expect(masked('{"api_key":[1,"a",[null,"b"],{"id":"c"}],"id":"e"}')).toBe(
      '{"api_key":["…","…",[null,"…"],{"id":"…"}],"id":"e"}',
    );
    expect(masked('{"api_key":-1.5e+9,"key":5,"session_key": 18446744073709551615 }')).toBe(
      '{"api_key":"…","key":5,"session_key": "…" }',
    );
    expect(masked('{"api_key":12')).toBe('{"api_key":"…"');
    expect(masked('{"api_key":{"a":"b","c":["d"],"e":{}},"f":"g","__proto__":{"api_key":"a\\"b\\\\"}}')).toBe(
      '{"api_key":{"a":"…","c":["…"],"e":{}},"f":"g","__proto__":{"api_key":"…"}}',
    );
    // A field in the value of `key` has its own rule.
    expect(masked('{"key":[{"api_key":"a","id":"b"},"c"],"key":{"\\u0061pi_key":["d"]}}')).toBe(
      '{"key":[{"api_key":"…","id":"b"},"c"],"key":{"\\u0061pi_key":["…"]}}',
    );
  });

  it('finds the end of a secret field, however deep it is', () => {
    const nested = (inside: string) => `{"api_key":${'['.repeat(500)}${inside}${']'.repeat(500)},"id":"x"}`;
    expect(masked(nested('"a",1'))).toBe(nested('"…","…"'));
  });

  it('leaves strings that only look like a field', () => {
    for (const text of [
      '["api_key","x"]',
      '{"a":"api_key","b":"x"}',
      '{"a":"\\"api_key\\":\\"x\\""}',
      '{"a\\\\\\"api_key":"x"}',
      '{"my_api_key":"x","api_key_id":"x","API_KEY":"x","api_key ":"x"}',
      '{"api_key":"","session_key":null,"instance_api_key":true}',
    ])
      expect(masked(text)).toBe(text);
  });

  it('takes `key` for a secret only if it looks like an API key', () => {
    expect(masked(`{"key":"${OTHER}"}`)).toBe('{"key":"…"}');
    expect(masked(`"${OTHER}"`)).toBe('"…"');
    for (const text of ['{"key":"ssh-rsa AAAA"}', '{"key":null}', '"Successfully Deleted API Key"'])
      expect(masked(text)).toBe(text);
  });

  it('shows what the request makes, and no other key', () => {
    const made = `{"key":"${OTHER}","new_api_key":"${OTHER}","api_key":"a"}`;
    const shown = (method: string, path: string) => masked(made, secretFieldsOf(method, path));
    expect(shown('POST', '/api/v0/auth/apikeys/')).toBe(`{"key":"${OTHER}","new_api_key":"…","api_key":"…"}`);
    expect(shown('POST', '/api/v0/auth/api%6beys?x=1')).toContain(`"key":"${OTHER}"`);
    expect(shown('PUT', '/api/v0/commands/reset_apikey/')).toBe(
      `{"key":"${OTHER}","new_api_key":"${OTHER}","api_key":"…"}`,
    );
    for (const [method, path] of [
      ['GET', '/api/v0/auth/apikeys/'],
      ['POST', '/api/v0/auth/apikeys/5/'],
      ['POST', '/api/v0/commands/reset_apikey/'],
    ] as const)
      expect(shown(method, path)).toBe('{"key":"…","new_api_key":"…","api_key":"…"}');
  });

  it('holds no secret, however long', () => {
    const mask = new FieldMask(FIELDS);
    const lengthOf = (parts: readonly Uint8Array[]) => Buffer.concat([...parts]).length;
    let length = lengthOf(mask.push(Buffer.from('{"api_key":"')));
    for (let count = 0; count < 100; count += 1) length += lengthOf(mask.push(Buffer.alloc(100_000, 'x')));
    length += lengthOf(mask.push(Buffer.from('"}'))) + lengthOf(mask.end());
    expect(length).toBe(Buffer.byteLength('{"api_key":"…"}'));
  });
});
