import { describe, expect, it } from 'vitest';
import { missingPermission } from './missing-permission.js';

describe('missingPermission', () => {
  it('names the category that a request needs, and the line that grants it', () => {
    const text = missingPermission({ method: 'POST', path: '/api/v0/auth/apikeys/' });
    expect(text).toContain('the category "user_write"');
    expect(text).toContain('"user_write": {}');
  });

  it('names the endpoint where one is published', () => {
    const text = missingPermission({ method: 'DELETE', path: '/api/v0/instances/7/' });
    expect(text).toContain('"api.instance.destroy"');
    expect(text).toContain('"instance_write"');
  });

  it.each([
    ['a route that nobody documents', 'GET', '/api/v0/nothing/'],
    ['a route whose category no source gives', 'GET', '/api/v0/notification-types/'],
  ])('says nothing about %s', (_, method, path) => {
    expect(missingPermission({ method, path })).toBeUndefined();
  });
});
