import { describe, expect, it } from 'vitest';
import { operationNamed } from '../catalogue/catalogue.js';
import { isNotGranting } from '../diff/diff.js';
import { isObject } from '../json/json-object.js';
import { accessTo, apiOf, isFullAccess, mayExceedConditions } from './access.js';

const leaf = (node: unknown): unknown => ({ api: { instance_read: { 'api.instance.show': node } } });

const show = operationNamed('instance.show');

describe('accessTo', () => {
  const opened = (document: unknown) => show && accessTo(document, show).openBecause;

  it.each([
    [[], 'format'],
    [{ api: { instance_read: 5 } }, 'format'],
    [leaf(5), 'format'],
    [leaf({ constraints: 5 }), 'format'],
    [leaf({ x: 1 }), 'unknown_key'],
    [leaf({ params: 1 }), 'undocumented_key'],
    [leaf({ params: 1, x: 1 }), 'unknown_key'],
    [leaf({ constraints: { id: { in: [1] } } }), 'condition'],
    [{ api: { instance_read: { '*': {} } } }, 'name'],
    [{ api: { misc: {} }, x: 1 }, 'unknown_key'],
    [{ api: { instance_read: { params: 1 } } }, 'undocumented_key'],
    [leaf({}), undefined],
    [{ api: {} }, 'empty'],
    [{ api: { misc: {} } }, undefined],
  ])('says why the grant for %j is unknown: %s', (document, reason) => {
    expect(opened(document)).toBe(reason);
  });

  it('is unknown if the category is', () => {
    const types = operationNamed('notification.types');
    expect(types && accessTo({ api: {} }, types).openBecause).toBe('category');
  });

  it('keeps a denial or another unknown, whatever the keys above it', () => {
    const listed = (node: unknown) => ({ api: { instance_read: node, params: 1 }, constraints: 1 });
    const denied = listed({ 'api.instance.request_logs': {}, params: 1 });
    expect(show && accessTo(denied, show)).toMatchObject({
      grant: 'deny',
      reason: expect.stringContaining('not for'),
    });
    expect(show && accessTo(listed({ 'api.instance.show': 5 }), show)).toMatchObject({
      openBecause: 'format',
    });
  });

  it('keeps the conditions if the grant is unknown for another reason', () => {
    const beside = leaf({ constraints: { id: { eq: 5 } }, x: 1 });
    expect(show && accessTo(beside, show)).toMatchObject({
      grant: 'unknown',
      conditions: [{ written: { eq: 5 } }],
    });
    const above = {
      api: { instance_read: { params: 1, 'api.instance.show': { constraints: { id: { eq: 5 } } } } },
    };
    expect(show && accessTo(above, show)).toMatchObject({
      grant: 'unknown',
      conditions: [{ parameter: 'id' }],
    });
    expect(isNotGranting(above, 'instance.show')).toBe(false);
  });
});

describe('mayExceedConditions', () => {
  it('is true only if the doubt could lift the conditions', () => {
    const conditions = { constraints: { id: { eq: 5 } } };
    const exceeds = (document: unknown) => show && mayExceedConditions(accessTo(document, show));
    expect(exceeds(leaf({ ...conditions, x: 1 }))).toBe(true);
    expect(exceeds(leaf({ ...conditions, params: 1 }))).toBe(false);
    expect(exceeds(leaf(conditions))).toBe(false);
    expect(exceeds(leaf({ constraints: { id: { eq: '5' } } }))).toBe(false);
  });
});

describe('isFullAccess and isObject', () => {
  it.each([
    [undefined, true, false],
    [null, true, false],
    [false, true, false],
    [true, false, false],
    [0, false, false],
    ['', false, false],
    [[], false, false],
    [{}, false, true],
  ])('%j: %s, %s', (value, full, node) => {
    expect(isFullAccess(value)).toBe(full);
    expect(isObject(value)).toBe(node);
  });

  it('reads categories only from "api"', () => {
    expect(apiOf({ api: { misc: {} } })).toEqual({ misc: {} });
    for (const document of [{ api: [] }, { api: null }, {}, null, [], Object.create({ api: {} })]) {
      expect(apiOf(document)).toBeUndefined();
    }
  });
});
