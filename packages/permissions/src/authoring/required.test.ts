import { describe, expect, it } from 'vitest';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { decide } from '../decision/decide.js';
import { requiredFor } from './required.js';

describe('requiredFor', () => {
  it('names the endpoint if it is published', () => {
    expect(requiredFor('DELETE', '/api/v0/instances/5/')).toEqual({
      operation: 'instance.destroy',
      category: 'instance_write',
      endpoint: 'api.instance.destroy',
      lines: ['"instance_write": {', '  "api.instance.destroy": {}', '}'],
    });
  });

  it('warns if the grant lets a key gain further access', () => {
    expect(requiredFor('POST', '/api/v0/auth/apikeys/')?.widening).toEqual({
      code: 'VP201',
      message: expect.stringMatching(/^"user_write" can create keys.*apikey\.create/),
    });
    expect(requiredFor('GET', '/api/v0/users/current')?.widening?.code).toBe('VP202');
    expect(requiredFor('PUT', '/api/v0/asks/7/')?.widening?.code).toBe('VP203');
    expect(requiredFor('DELETE', '/api/v0/instances/5/')).not.toHaveProperty('widening');
  });

  it('names the category otherwise', () => {
    expect(requiredFor('GET', '/api/v0/users/current')).toMatchObject({
      operation: 'user.show',
      category: 'user_read',
      lines: ['"user_read": {}'],
    });
    expect(requiredFor('GET', '/api/v0/notification-types/')?.lines).toEqual([]);
    expect(requiredFor('GET', '/api/v0/nothing/')).toBeUndefined();
  });

  it('returns no lines if the category is unknown', () => {
    expect(requiredFor('GET', '/api/v0/notification-types/')).toEqual({
      operation: 'notification.types',
      category: 'unknown',
      lines: [],
    });
  });

  it('warns about the worst of what the lines grant', () => {
    expect(requiredFor('GET', '/api/v0/users/current')).toEqual({
      operation: 'user.show',
      category: 'user_read',
      lines: ['"user_read": {}'],
      widening: {
        code: 'VP202',
        message:
          '"user_read" can change the email address of the account, or delete the account: account.delete, account.update_current.',
      },
    });
  });

  it('returns lines that allow the request, for every operation with a known category', () => {
    for (const { method, route, category } of OPERATIONS) {
      const path = route.replace(/\{[^}]+\}/gu, '5');
      const lines = requiredFor(method, path)?.lines ?? [];
      if (category === 'unknown') continue;
      const document: unknown = JSON.parse(`{ "api": { ${lines.join('\n')} } }`);
      expect(decide(document, { method, path }).verdict, `${method} ${path}`).toBe('allow');
    }
  });
});
