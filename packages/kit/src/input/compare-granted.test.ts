import { describe, expect, it } from 'vitest';
import { compareGranted } from './compare-granted.js';

const ASKED = { api: { misc: {}, instance_read: { 'api.foo.bar': {} } } };

const limited = (id: unknown) => ({
  api: { instance_write: { 'api.instance.destroy': { constraints: { id: { eq: id } } } } },
});

describe('compareGranted', () => {
  it.each([
    ['same', ASKED, structuredClone(ASKED)],
    ['same', ASKED, JSON.stringify(ASKED)],
    ['rewritten', ASKED, { api: { instance_read: { 'api.foo.bar': { constraints: {} } }, misc: {} } }],
    // What a key next to "api" does is not documented: it could grant anything.
    ['wider', ASKED, { ...ASKED, read: true }],
    ['wider', ASKED, { ...ASKED, extra: { misc: {} } }],
    ['wider', ASKED, { ...ASKED, extra: ['user_write'] }],
    ['wider', ASKED, { api: { ...ASKED.api, user_write: {} }, version: 1 }],
    ['wider', ASKED, { ...ASKED, role: 'owner' }],
    ['wider', ASKED, { ...ASKED, admin: 1 }],
    ['wider', ASKED, { ...ASKED, note: { user_write: {} } }],
    ['annotated', ASKED, { ...ASKED, version: 1, note: 'x', created_at: 1790000000 }],
    ['annotated', ASKED, { api: { misc: {} }, version: 1 }],
    ['narrower', ASKED, { api: { misc: {} } }],
    ['rewritten', limited(5), limited('5')],
    ['wider', limited(5), limited('05')],
    ['wider', limited(5), limited('6')],
    ['wider', limited('5'), limited(5)],
    ['narrower', ASKED, { api: { ...ASKED.api, params: {} } }],
    ['narrower', undefined, { api: {} }],
    ['unlimited', undefined, false],
    ['unlimited', undefined, null],
    ['unlimited', undefined, undefined],
    ['wider', ASKED, false],
    ['wider', ASKED, null],
    ['wider', ASKED, undefined],
    ['wider', ASKED, 'false'],
    ['wider', ASKED, 'null'],
    ['wider', ASKED, 'some'],
    ['wider', ASKED, true],
    ['wider', ASKED, []],
    ['wider', ASKED, {}],
    ['wider', ASKED, { api: false }],
    ['wider', ASKED, { api: { ...ASKED.api, instance_read: {} } }],
    ['wider', { api: { ...ASKED.api, params: {} } }, ASKED],
  ] as const)('returns %s for %j requested and %j granted', (comparison, asked, given) => {
    expect(compareGranted(asked, given).comparison).toBe(comparison);
  });

  it('says that a key has full access', () => {
    for (const given of [undefined, null, false, 'null', 'false'])
      expect(compareGranted(ASKED, given)).toEqual({
        comparison: 'wider',
        summary: 'The API gave this key FULL ACCESS instead of the permissions you asked for.',
        newAccess: ['full access'],
      });
  });

  it('names what the API added to describe the document, as text alone', () => {
    expect(compareGranted(ASKED, { ...ASKED, version: 1, note: 'x', updated_on: 'y' })).toEqual({
      comparison: 'annotated',
      fields: ['version', 'note', 'updated_on'],
    });
    // What was asked for is no addition.
    const asked = { ...ASKED, note: 'x' };
    expect(compareGranted(asked, { ...asked, version: 1 })).toEqual({
      comparison: 'annotated',
      fields: ['version'],
    });
    expect(compareGranted(ASKED, { ...ASKED, unversion: 1 }).comparison).toBe('wider');
    expect(compareGranted(ASKED, { ...ASKED, versions: 1 }).comparison).toBe('wider');
  });

  it('names the category of what is new, or the endpoint in one that was asked for', () => {
    expect(compareGranted(ASKED, { api: { ...ASKED.api, user_write: { 'api.a': {} } } })).toMatchObject({
      newAccess: ['user_write'],
    });
    const read = { ...ASKED.api.instance_read, 'api.a': {} };
    expect(compareGranted(ASKED, { api: { ...ASKED.api, instance_read: read } })).toMatchObject({
      newAccess: ['api.a'],
    });
  });

  it('names up to five extra permissions, without control characters', () => {
    const { api } = ASKED;
    const more = { '\u0007red': {}, user_write: { 'api.a': {} }, instance_write: {}, misc: {} };
    expect(compareGranted({ api: { billing_read: {} } }, { api: more })).toEqual({
      comparison: 'wider',
      summary: 'The API gave this key more than you asked for (misc, instance_write, red, user_write).',
      newAccess: ['misc', 'instance_write', 'red', 'user_write'],
    });
    const endpoints = Object.fromEntries(
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'].map((name) => [`api.${name}`, {}]),
    );
    const read = { ...api.instance_read, ...endpoints };
    expect(compareGranted(ASKED, { api: { ...api, instance_read: read } })).toMatchObject({
      summary:
        'The API gave this key more than you asked for (api.a, api.b, api.c, api.d, api.e and 2 more).',
    });
  });
});
