import { describe, expect, it } from 'vitest';
import { missingPermission } from './missing-permission.js';

describe('missingPermission', () => {
  it('names the category that a request needs, and the line that grants it', () => {
    const text = missingPermission({ method: 'POST', path: '/api/v0/auth/apikeys/' });
    expect(text).toContain('the category "user_write"');
    expect(text).toContain('"user_write": {}');
  });

  it('names the endpoint if the documentation does', () => {
    const text = missingPermission({ method: 'DELETE', path: '/api/v0/instances/7/' });
    expect(text).toContain('"api.instance.destroy"');
    expect(text).toContain('"instance_write"');
  });

  it('is one sentence, followed by the lines to add', () => {
    expect(missingPermission({ method: 'DELETE', path: '/api/v0/instances/7/' })).toBe(
      [
        'It needs "api.instance.destroy" in the category "instance_write". Add this to the permission file of a new key, inside "api": { … }:',
        '  "instance_write": {',
        '    "api.instance.destroy": {}',
        '  }',
      ].join('\n'),
    );
    expect(missingPermission({ method: 'GET', path: '/api/v0/instances/' })).toBe(
      [
        'It needs the category "instance_read". Add this to the permission file of a new key, inside "api": { … }:',
        '  "instance_read": {}',
      ].join('\n'),
    );
  });

  it('ends with the warning on its own line', () => {
    expect(missingPermission({ method: 'GET', path: '/api/v0/users/current/' })?.split('\n')).toEqual([
      'It needs the category "user_read". Add this to the permission file of a new key, inside "api": { … }:',
      '  "user_read": {}',
      'Careful (VP202): "user_read" can change the email address of the account, or delete the account: account.delete, account.update_current.',
    ]);
    expect(missingPermission({ method: 'POST', path: '/api/v0/auth/apikeys/' })).toMatch(
      /subaccount\.regenerate_keys\. Such a key can do everything\.$/u,
    );
  });

  it.each([
    ['can make keys', 'POST', '/api/v0/auth/apikeys/', '"user_write" can create keys', 'VP201'],
    ['can make roles', 'POST', '/api/v0/team/roles/', '"team_write" can create keys', 'VP201'],
    ['reaches the account', 'GET', '/api/v0/users/current/', '"user_read" can change the email', 'VP202'],
    ['gives access', 'PUT', '/api/v0/asks/7/', '"instance_write" can change who has access', 'VP203'],
  ])('warns of a category that %s', (_, method, path, what, code) => {
    const text = missingPermission({ method, path });
    expect(text).toContain(`Careful (${code}): ${what}`);
    expect(text?.includes('Such a key can do everything.')).toBe(code === 'VP201');
  });

  it.each([
    ['GET', '/api/v0/instances/'],
    ['DELETE', '/api/v0/instances/7/'],
  ])('does not warn about a permission that cannot change access: %s %s', (method, path) => {
    expect(missingPermission({ method, path })).not.toContain('Careful');
  });

  it.each([
    ['an undocumented route', 'GET', '/api/v0/nothing/'],
    ['a route whose category is not documented', 'GET', '/api/v0/notification-types/'],
  ])('says nothing about %s', (_, method, path) => {
    expect(missingPermission({ method, path })).toBeUndefined();
  });
});
