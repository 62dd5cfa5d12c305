import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDocument } from '../../fuzz/documents.mjs';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { CATEGORIES } from '../catalogue/categories.js';
import { accessTo } from '../decision/access.js';
import { capabilitiesOf } from '../decision/capabilities.js';
import { explainShort, explainSurprise } from './short.js';

const one = (id: unknown) => ({ constraints: { id: { eq: id } } });

describe('explainShort', () => {
  it.each<[what: string, document: unknown, sentences: string[]]>([
    [
      'full access',
      false,
      [
        'This key has full access: it can do everything in the account.',
        'At worst, it can create more keys with full access, spend all credit and delete the account.',
      ],
    ],
    [
      'no document format',
      { read: true },
      [
        'What this key can do is unknown: the document has a form that Vast.ai does not document.',
        'At worst, it has full access.',
      ],
    ],
    [
      'no categories',
      { api: {} },
      [
        'What this key can do is unknown: Vast.ai does not say what an "api" without categories allows.',
        'At worst, it has full access.',
      ],
    ],
    [
      'nothing',
      { api: { misc: { 'api.instance.show': {} } } },
      [
        'This key can do nothing, as far as is known.',
        'Vast.ai does not document the effect of "api.instance.show" there.',
      ],
    ],
    [
      'one instance',
      {
        api: {
          instance_read: { 'api.instance.show': one(1227) },
          instance_write: { 'api.instance.destroy': one(1227), 'api.instance.reboot': one(1227) },
        },
      },
      [
        'This key can destroy an instance, restart an instance and show one instance.',
        'At worst, it can destroy an instance.',
        'It can do this only for instance 1227.',
      ],
    ],
    [
      'reading that is not read-only',
      { api: { instance_read: {}, user_read: {} } },
      [
        'This key can view the account and instances.',
        'This key is not read-only: it can change who has access, read secrets and delete the account.',
      ],
    ],
    [
      'reading only',
      { api: { billing_read: {} } },
      ['This key can view bills.', 'It can only read, as far as is known.'],
    ],
    [
      'minting keys',
      { api: { user_write: {}, billing_read: {} } },
      [
        'This key can view bills and change the account.',
        'At worst, it has full access: it can create keys or roles with any permission.',
      ],
    ],
    [
      'an endpoint name that is not published',
      {
        api: {
          instance_read: { 'api.instance.show': {} },
          instance_write: { 'api.instance.destroy': one(5), 'api.x': {} },
        },
      },
      [
        'This key can destroy an instance and show one instance.',
        'At worst, it can destroy an instance, and may be able to change who has access and spend money.',
        'Only for instance 5: destroy an instance; what else it can do with instances is unknown.',
      ],
    ],
    [
      'a part that is not documented',
      { api: { billing_read: {}, constraints: {} } },
      [
        'This key may have access to bills, or to nothing.',
        'It can only read, as far as is known.',
        'What it can do with bills is unknown: a part of the document is not documented.',
      ],
    ],
  ])('explains %s', (_, document, sentences) => {
    expect(explainShort(document)).toEqual(sentences);
  });

  it.each([
    [{ id: { gte: 5 } }, undefined],
    [{ id: { gte: 0 } }, undefined],
    [{ id: {} }, undefined],
    [{ id: { lte: 5 } }, 'It can do this only for requests where id is at most 5.'],
    [{ id: { eq: 'a\u001b' } }, 'It can do this only for requests where id is "a\\u001b".'],
    [{ id: { eq: 5, lte: 9 } }, 'It can do this only for requests where id is 5 and is at most 9.'],
  ])('describes the limit %j', (constraints, sentence) => {
    const document = { api: { instance_write: { 'api.instance.reboot': { constraints } } } };
    expect(explainShort(document)[2]).toBe(sentence);
  });

  it('stays short for every choice of categories', () => {
    fc.assert(
      fc.property(fc.subarray([...CATEGORIES], { minLength: 1 }), (categories) => {
        const sentences = explainShort({ api: Object.fromEntries(categories.map((name) => [name, {}])) });
        expect(sentences.length).toBe(2);
        for (const sentence of sentences) expect(sentence.length).toBeLessThanOrEqual(150);
      }),
      { numRuns: 300 },
    );
  });

  it('never hides a capability, and never calls a key read-only that is not', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const sentences = explainShort(document);
        const text = sentences.join(' ');
        expect(sentences.length).toBeLessThanOrEqual(3);
        const isFull = text.includes('has full access');
        for (const { capability, can } of capabilitiesOf(document)) {
          if (can.length > 0 && !isFull) expect(text).toMatch(WORDS[capability]);
        }
        if (!text.includes('can only read')) return;
        const writes = OPERATIONS.filter(
          ({ category, risks }) => category !== 'unknown' && risks.some(({ kind }) => kind !== 'read'),
        );
        for (const operation of writes) expect(accessTo(document, operation).grant).toBe('deny');
      }),
      { numRuns: 500 },
    );
  });
});

describe('explainSurprise', () => {
  it.each<[document: unknown, line: string | undefined]>([
    [false, undefined],
    [{ api: { billing_read: {} } }, undefined],
    [{ api: { instance_write: { 'api.instance.destroy': one(5) } } }, undefined],
    ...[{}, { gte: 0 }, { gte: 1 }].map((id): [unknown, string] => [
      { api: { instance_write: { 'api.instance.destroy': { constraints: { id } } } } },
      'At worst, it can destroy instances.',
    ]),
    [{ api: { instance_write: { 'api.instance.destroy': {} } } }, 'At worst, it can destroy instances.'],
    [
      { api: { user_read: {} } },
      'This key is not read-only: it can change who has access, read secrets and delete the account.',
    ],
    [
      { api: {} },
      'What this key can do is unknown: Vast.ai does not say what an "api" without categories allows. At worst, it has full access.',
    ],
  ])('%j: %s', (document, line) => {
    expect(explainSurprise(document)).toBe(line);
  });
});

const WORDS = {
  'mint-keys': /full access|create keys or roles/u,
  'change-access': /change who has access/u,
  'read-secrets': /read secrets/u,
  'spend-money': /spend money/u,
  destroy: /destroy instances|destroy an instance|delete data|delete the account/u,
};

it('does not call a key limited by a parameter that its route lacks', () => {
  const leaf = { constraints: { label: { eq: 'x' } } };
  const [, worst, ...limits] = explainShort({ api: { instance_write: { 'api.instance.destroy': leaf } } });
  expect(worst).toBe('At worst, it can destroy instances.');
  expect(limits).toEqual([]);
});

it('calls a role a role', () => {
  const documents = [{ api: {} }, { api: { user_read: {}, instance_read: {} } }, 5];
  for (const document of documents) {
    const ofRole = explainShort(document, 'role');
    expect(ofRole.join(' ')).toMatch(/this role/iu);
    expect(ofRole).toEqual(explainShort(document).map((text) => text.replace(/(this) key/iu, '$1 role')));
    expect(explainSurprise(document, 'role')).not.toMatch(/this key/iu);
  }
});
