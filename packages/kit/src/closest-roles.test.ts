import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { describe, expect, it } from 'vitest';
import { withClosestRoles } from './closest-roles.js';

describe('the hint for an unknown role', () => {
  const failed = (roleNames?: readonly string[]) =>
    Object.assign(new VastaiError('not_found', 'No.'), roleNames === undefined ? {} : { roleNames });
  const hint = (names: readonly string[], name = 'develpoer') =>
    (withClosestRoles(failed(names), name) as VastaiError).hint;

  it('names the closest role, or lists the roles', () => {
    expect(hint(['admin', 'developer'])).toBe('Did you mean “developer”?');
    expect(hint(['a\u001b[2Jdmin', 'b'], 'other')).toBe('The roles are “admin”, “b”.');
    expect(hint(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'other')).toMatch(
      /^The roles are “a”, “b”, “c”, “d”, “e”/u,
    );
    expect(hint(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'other')).not.toContain('“f”');
    expect(hint([])).toBe('The team has no roles.');
  });

  it('is added to no other error', () => {
    const plain = failed();
    expect(withClosestRoles(plain, 'x')).toBe(plain);
    const unnamed = Object.assign(failed(), { roleNames: undefined });
    expect(withClosestRoles(unnamed, 'x')).toBe(unnamed);
    const other = Object.assign(new Error('x'), { roleNames: ['x'] });
    expect(withClosestRoles(other, 'x')).toBe(other);
  });
});
