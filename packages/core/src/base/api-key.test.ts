import { deepStrictEqual } from 'node:assert';
import { Console } from 'node:console';
import { Writable } from 'node:stream';
import { format, inspect } from 'node:util';
import { serialize } from 'node:v8';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { keyOf } from '../../test/support/keys.js';
import { ApiKey, describeKeyFault } from './api-key.js';

const TEXT = 'k0123456789abcdefWXYZ';
const key = keyOf(TEXT);

describe('a key', () => {
  it.each([
    'k',
    TEXT,
    'x'.repeat(100_000),
    '{"not":"looked-into"}',
    '--api-key',
    '../../etc/passwd',
    '%s%n$(id)`id`',
  ])('may be %s', (text) => {
    expect(keyOf(text).reveal()).toBe(text);
  });

  it.each([`${TEXT}\n`, `${TEXT}\r\n`, ` \t${TEXT}  `, `\ufeff${TEXT}`, `\u00a0${TEXT}\u2028`])(
    'is trimmed: %j',
    (text) => {
      expect(keyOf(text).reveal()).toBe(TEXT);
    },
  );

  it.each(['', ' ', '\n', '\t \r\n', '\ufeff', '\u00a0'])('cannot be empty: %j', (text) => {
    expect(ApiKey.parse(text)).toBe('empty');
  });

  it.each(['a b', 'a\tb', 'a\nb', 'a\r\nb', 'a\u00a0b', 'a\u2028b', 'a\u3000b', 'a\ufeffb'])(
    'has no white space inside: %j',
    (text) => {
      expect(ApiKey.parse(text)).toBe('white space');
    },
  );

  it.each(['a\u0000b', '\u0000', 'a\u001b[2Jb', 'a\u0007', 'a\u007f', 'a\u0085b', 'a\u009bb'])(
    'has no control character inside: %j',
    (text) => {
      expect(ApiKey.parse(text)).toBe('control character');
    },
  );

  it.each(['ключ-0123', 'clé-01234567', 'key-🔑', 'a\u200bb', 'ｋｅｙ', 'a\ud800b'])(
    'has no character outside ASCII, which no request could carry: %j',
    (text) => {
      expect(ApiKey.parse(text)).toBe('character outside ASCII');
    },
  );

  it('equals only a key with the same characters', () => {
    expect(key.equals(keyOf(` ${TEXT}\n`))).toBe(true);
    expect(key.equals(keyOf(`${TEXT}x`))).toBe(false);
  });

  it('shows its last four characters, unless they would be half of it', () => {
    expect(key.suffix).toBe('WXYZ');
    expect(keyOf('12345678').suffix).toBe('5678');
    expect(keyOf('1234567').suffix).toBe('');
    expect(keyOf('x').suffix).toBe('');
  });
});

describe('describeKeyFault', () => {
  it.each([
    ['empty', 'is empty'],
    ['white space', 'contains a space or a line break'],
    ['control character', 'contains a control character'],
    ['character outside ASCII', 'contains a character outside ASCII'],
  ] as const)('says of the fault "%s" what follows "it"', (fault, words) => {
    expect(describeKeyFault(fault)).toBe(words);
  });
});

/** Ways in which a value is printed, logged, copied or sent by mistake. */
const WAYS: Record<string, (secret: unknown) => unknown> = {
  String: (secret) => String(secret),
  template: (secret) => `${secret}`,
  concatenation: (secret) => ''.concat(secret as string),
  join: (secret) => [secret, secret].join(),
  'the local way': (secret) => Object(secret).toLocaleString(),
  'JSON.stringify': (secret) => JSON.stringify({ deep: [secret] }),
  inspect: (secret) => inspect({ deep: { deeper: [secret] } }, { depth: null }),
  'inspect with all it has': (secret) =>
    inspect(secret, { showHidden: true, getters: true, showProxy: true, depth: null }),
  'inspect without its own way': (secret) => inspect(secret, { customInspect: false, showHidden: true }),
  format: (secret) => format('%s %d %i %f %j %o %O %%', ...Array(7).fill(secret)),
  'console.log': (secret) => logged((console) => console.log('key', secret, { secret })),
  'console.dir': (secret) => logged((console) => console.dir(secret, { showHidden: true })),
  'console.table': (secret) => logged((console) => console.table([{ secret }])),
  'console.error of an error that carries it': (secret) =>
    logged((console) => console.error(Object.assign(new Error('x', { cause: secret }), { secret }))),
  'an error of it': (secret) => inspect(new Error(secret as string)),
  'a failed assertion': (secret) => failure(() => deepStrictEqual({ secret }, { secret: 1 })),
  'a wrong type': (secret) => failure(() => Buffer.from(secret as string, secret as 'utf8')),
  'a wrong call': (secret) => failure(() => (secret as () => void)()),
  'a wrong URL': (secret) => failure(() => new URL(secret as string)),
  structuredClone: (secret) => inspect(structuredClone({ secret }), { showHidden: true }),
  serialize: (secret) => serialize(secret).toString('latin1'),
  spread: (secret) => inspect({ ...(secret as object) }, { showHidden: true }),
  'own properties': (secret) => inspect(Object.getOwnPropertyDescriptors(secret), { depth: null }),
  entries: (secret) => Object.entries(secret as object).join(),
};

function logged(log: (console: Console) => void): string {
  let text = '';
  const stream = new Writable({
    write(chunk, _encoding, done) {
      text += chunk;
      done();
    },
  });
  log(new Console(stream, stream));
  return text;
}

function failure(work: () => unknown): string {
  try {
    return inspect(work());
  } catch (error) {
    return `${inspect(error, { showHidden: true, depth: null })} ${(error as Error).stack}`;
  }
}

describe('a key never shows itself', () => {
  it.each(Object.entries(WAYS))('through %s', (_, show) => {
    const shown = String(show(key));
    expect(shown).not.toContain(TEXT.slice(0, -4));
  });

  it('except for its last four characters', () => {
    expect(String(key)).toBe('…WXYZ');
    expect(JSON.stringify({ key })).toBe('{"key":"…WXYZ"}');
    expect(inspect(key)).toBe('ApiKey(…WXYZ)');
    expect(inspect({ key })).toBe('{ key: ApiKey(…WXYZ) }');
  });

  it('whatever it is, and a fault does not repeat it', () => {
    fc.assert(
      fc.property(fc.oneof(fc.string({ minLength: 12 }), fc.string({ unit: 'binary' })), (text) => {
        const parsed = ApiKey.parse(text);
        if (typeof parsed === 'string') {
          expect(parsed).toMatch(/^(empty|white space|control character|character outside ASCII)$/);
          return;
        }
        expect(parsed.reveal()).toBe(text.trim());
        if (text.trim().length < 12) return;
        for (const name of ['String', 'JSON.stringify', 'inspect', 'format'])
          expect(WAYS[name]?.(parsed)).not.toContain(parsed.reveal());
      }),
    );
  });

  it('but reveal returns it', () => {
    expect(key.reveal()).toBe(TEXT);
  });
});
