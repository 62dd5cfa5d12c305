import { describe, expect, it } from 'vitest';
import { operationNamed } from '../catalogue/catalogue.js';
import { CATEGORIES } from '../catalogue/categories.js';
import { isObservable } from './observable.js';

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
