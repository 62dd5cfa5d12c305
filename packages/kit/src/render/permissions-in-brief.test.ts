import { describe, expect, it } from 'vitest';
import { permissionsInBrief } from './permissions-in-brief.js';

describe('permissions in brief', () => {
  it.each([
    [null, true, 'full access'],
    [null, false, 'unknown'],
    [null, null, 'unknown'],
    [{}, false, 'none'],
    [{ api: {} }, false, 'none'],
    [{ api: { misc: {}, user_read: {} } }, false, 'misc, user_read'],
    [{ api: [] }, false, 'unknown'],
    [{ api: 'all' }, false, 'unknown'],
  ])('of %j with full access %s are “%s”', (permissions, fullAccess, words) => {
    expect(permissionsInBrief({ permissions, full_access: fullAccess })).toBe(words);
  });
});
