import { describe, expect, it } from 'vitest';
import { operationNamed } from '../catalogue/catalogue.js';
import { CATEGORIES } from '../catalogue/categories.js';
import { isObservable, usageState } from './observable.js';

describe('isObservable', () => {
  it('is true for full access and for a document that can write', () => {
    expect(isObservable(null)).toBe(true);
    expect(isObservable({ api: { instance_write: { 'api.instance.reboot': {} } } })).toBe(true);
    expect(isObservable({ api: { misc: {} } })).toBe(true);
  });

  it('is false for a document of read categories only', () => {
    const reading = CATEGORIES.filter((category) => category.endsWith('_read'));
    expect(isObservable({ api: Object.fromEntries(reading.map((category) => [category, {}])) })).toBe(false);
    expect(isObservable({ api: { instance_read: { 'api.instance.request_logs': {} } } })).toBe(false);
  });

  it('is true if the document may allow a write', () => {
    expect(isObservable({ api: { instance_write: { 'api.instance.start': {} } } })).toBe(true);
    expect(isObservable('?')).toBe(true);
  });

  it('knows the operation that reads with PUT', () => {
    expect(operationNamed('instance.request_logs')?.method).toBe('PUT');
  });
});

describe('usageState', () => {
  const reads = { api: { user_read: {}, instance_read: {} } };
  it.each([
    ['used', true, reads],
    ['used', true, undefined],
    ['never_seen', false, { api: { instance_write: {} } }],
    ['never_seen', false, null],
    ['never_seen', false, false],
    ['not_observable', false, reads],
    ['not_observable', false, undefined],
  ])('is %s if a call is in the log: %s, for %j', (state, isUsed, document) => {
    expect(usageState(isUsed, document)).toBe(state);
  });
});
