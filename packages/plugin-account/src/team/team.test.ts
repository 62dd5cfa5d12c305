import { describe, expect, it } from 'vitest';
import { hasPermissions, readRolePermissions, requirePermissions } from './permission-flags.js';
import { requireNewName, requireRole } from './role-name.js';

describe('the name of a new role', () => {
  it.each(['ab', 'x'.repeat(50), '👍👍', '1a', 'a b', 'Entwickler–in'])('may be %s', (name) => {
    expect(requireNewName(` ${name}\n`)).toBe(name);
  });

  it.each([
    ['', 'The name of a role must have 2 to 50 characters.'],
    ['a', 'The name of a role must have 2 to 50 characters.'],
    [' a ', 'The name of a role must have 2 to 50 characters.'],
    ['👍', 'The name of a role must have 2 to 50 characters.'],
    ['x'.repeat(51), 'The name of a role must have 2 to 50 characters.'],
    ['a\u200bb', 'The name of the role contains an invisible character.'],
    ['a\nb', 'The name of the role contains an invisible character.'],
    ['42', 'A name made of digits only would look like the ID of a role.'],
  ])('may not be %j', (name, message) => {
    expect(() => requireNewName(name)).toThrow(expect.objectContaining({ code: 'usage', message }));
  });

  it('must fit into a path, like that of any role', () => {
    expect(requireRole('42')).toBe('42');
    for (const name of ['', '.', '..']) expect(() => requireRole(name)).toThrow();
    expect(() => requireNewName('..')).toThrow();
  });
});

describe('the permissions of a role', () => {
  const none = { 'allow-unknown': false };
  const given = [{ permissions: '{}' }, { permission_file: 'x' }, { preset: 'x' }, { allow: [] }] as const;

  it('must be given', () => {
    expect(hasPermissions(none)).toBe(false);
    expect(() => requirePermissions(none)).toThrow(
      expect.objectContaining({
        message: 'A role needs permissions.',
        hint: 'Add --permissions FILE, or --preset or --allow. To write a file, run: vastai permissions init',
      }),
    );
    for (const one of given) {
      expect(hasPermissions({ ...none, ...one })).toBe(true);
      expect(requirePermissions({ ...none, ...one })).toBeUndefined();
    }
  });

  it('are a document if they begin with a brace, otherwise a file', async () => {
    const document = { api: { instance_read: {} } };
    expect(await readRolePermissions({ ...none, permissions: JSON.stringify(document) })).toMatchObject({
      permissions: document,
    });
    for (const one of [{ permissions: './no-such-file' }, { permission_file: './no-such-file' }])
      await expect(readRolePermissions({ ...none, ...one })).rejects.toThrow('./no-such-file: no such file');
    await expect(readRolePermissions({ ...none, permissions: '{' })).rejects.toThrow('--permissions must be');
  });

  it('can come from a preset or a grant', async () => {
    expect(await readRolePermissions({ ...none, allow: ['instance_read'] })).toMatchObject({
      permissions: { api: { instance_read: {} } },
    });
    await expect(readRolePermissions({ ...none, preset: 'no-such' })).rejects.toThrow('Unknown preset');
    expect(await readRolePermissions(none)).toEqual({ remarks: [] });
  });
});
