import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { KEY, KEY_TEXT, parseKey } from '../test-support/loopback-server.js';
import { keyMask } from './key-redaction.js';
import { mapStrings, maskBody, maskHeaders, maskText, withoutSecrets } from './redaction.js';

const mask = keyMask(KEY);

describe('mapStrings', () => {
  it('reaches names, lists and values, and keeps __proto__ a plain name', () => {
    const value: unknown = JSON.parse(
      `{"__proto__":{"polluted":"${KEY_TEXT}"},"${KEY_TEXT}":["${KEY_TEXT}",1,null,true]}`,
    );
    const copy = mapStrings(value, mask);
    expect(JSON.stringify(copy)).toBe('{"__proto__":{"polluted":"…A1b2"},"…A1b2":["…A1b2",1,null,true]}');
    expect(Object.getPrototypeOf(copy)).toBe(Object.prototype);
    expect(({} as Record<string, unknown>).polluted).toBeUndefined();
  });

  it('copies nothing where no string changes', () => {
    const value = { list: [{ name: 'a', other: null }, 'x'.repeat(100)] };
    expect(mapStrings(value, mask)).toBe(value);
  });
});

describe('a masked response', () => {
  it('never contains the key, whatever the key and the response are', () => {
    const key = fc.string({
      unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)),
      minLength: 8,
    });
    fc.assert(
      fc.property(key, fc.jsonValue(), fc.string(), (text, value, around) => {
        const response = {
          value,
          [`${around}${text}`]: [`${text}${around}`, JSON.stringify(text), encodeURIComponent(text)],
        };
        const masked = mapStrings(response, keyMask(parseKey(text)));
        expect(JSON.stringify(masked)).not.toContain(JSON.stringify(text).slice(1, -1));
      }),
    );
  });
});

describe('maskBody', () => {
  it('masks secrets by name at any depth, and leaves the rest', () => {
    const body = {
      key: 'aaa',
      api_key: 'bbb',
      new_api_key: 'ccc',
      session_key: 'ddd',
      secret: 'eee',
      password: 'fff',
      code: 123456,
      backup_code: 'ggg',
      'api\u200b_key': 'kkk',
      nested: [{ backup_codes: ['hhh', 'iii'], apiKey: { value: 'jjj' } }],
    };
    const shown = JSON.stringify(maskBody(body, mask));
    expect(shown).not.toMatch(/aaa|bbb|ccc|ddd|eee|fff|123456|ggg|hhh|iii|jjj|kkk/);
    expect(
      maskBody({ id: 7, name: 'ci', key: null, key_id: 3, key_type: 'user', ssh_key: 'ssh-rsa AAAA' }, mask),
    ).toEqual({
      id: 7,
      name: 'ci',
      key: null,
      key_id: 3,
      key_type: 'user',
      ssh_key: 'ssh-rsa AAAA',
    });
  });

  it('masks what looks like a key under any name, and as a plain string', () => {
    expect(maskBody(['f'.repeat(64), { note: `it is ${'0a'.repeat(32)}.` }], mask)).toEqual([
      '…',
      { note: 'it is ….' },
    ]);
    expect(maskBody(KEY_TEXT, mask)).toBe('…A1b2');
    for (const hidden of ['\u200b', '\0', '\u00ad', '\u{e0041}'])
      expect(maskBody([...'0a'.repeat(32)].join(hidden), mask)).toBe('…');
  });
});

describe('maskText', () => {
  it('masks secrets in text that is almost JSON, and cuts it', () => {
    expect(maskText('{"id": 1, "key": "abcdefgh', mask)).toBe('{"id": 1, "key": "…');
    expect(maskText('new_api_key=abc&x=1', mask)).toBe('new_api_key=…&x=1');
    expect(maskText('z'.repeat(10_000), mask)).toHaveLength(2000);
  });
});

describe('maskHeaders', () => {
  it('cleans what would steer a terminal', () => {
    expect(maskHeaders({ server: 'a\u009b2Jb\u202ec' }, mask)).toEqual({ server: 'abc' });
  });

  it('masks credentials and keeps the rest', () => {
    expect(
      maskHeaders(
        {
          authorization: 'Bearer x',
          'set-cookie': 's=1',
          location: `/?k=${KEY_TEXT}`,
          link: '</?api_key=abc&n=1>',
          date: 'now',
          [`x-${KEY_TEXT}`]: '1',
        },
        mask,
      ),
    ).toEqual({
      authorization: '…',
      'set-cookie': '…',
      location: '/?k=…A1b2',
      link: '</?api_key=…&n=1>',
      date: 'now',
      'x-…A1b2': '1',
    });
  });
});

describe('withoutSecrets', () => {
  it('removes secrets at any depth', () => {
    const response = {
      id: 1,
      api_key: 'x',
      keys: [{ key: 'y', key_type: 't' }, { key: null }],
      key: { api_key: 'z', name: 'n' },
    };
    expect(withoutSecrets(response)).toEqual({
      id: 1,
      keys: [{ key_type: 't' }, { key: null }],
      key: { name: 'n' },
    });
  });

  it('copies nothing if there is no secret', () => {
    const response = { apikeys: [{ id: 1, key: null, key_type: 'user', permissions: { api: {} } }] };
    expect(withoutSecrets(response)).toBe(response);
    response.apikeys.push({ id: 2, key: 'y', key_type: 'user', permissions: { api: {} } } as never);
    expect(JSON.stringify(withoutSecrets(response))).not.toContain('"y"');
  });

  it('keeps a new key at the top level, and nowhere else', () => {
    expect(withoutSecrets({ key: 'new', api_key: 'x', inner: { key: 'y' } }, ['key'])).toEqual({
      key: 'new',
      inner: {},
    });
  });
});
