import { VastaiError } from '@vastai-cli/core/internal/base/errors';
import { describe, expect, it } from 'vitest';
import { withClosestRoles } from '../closest-roles.js';
import { OFFICIAL_COMMANDS, withinTwoLetters } from '../official-commands.js';
import { countRemark, leftOutRemarks } from './list-remarks.js';
import { permissionsInBrief } from './permissions-in-brief.js';
import { placeOf } from './place.js';
import { STYLED, UNSTYLED } from './styles.js';

describe('a remark about a list', () => {
  it('counts the list for a person at a terminal', () => {
    expect(countRemark('3 keys.')).toEqual({
      kind: 'note',
      text: '3 keys.',
      forPeople: true,
      onTerminal: true,
    });
  });

  it('says what is left out, unless --raw prints everything', () => {
    const warning = (records: string) => [
      {
        kind: 'warning',
        text: `${records} left out of the list. To see everything, add --raw.`,
        unlessRaw: true,
      },
    ];
    expect(leftOutRemarks(0, 'an ID')).toEqual([]);
    expect(leftOutRemarks(1, 'an ID')).toEqual(warning('1 record without an ID was'));
    expect(leftOutRemarks(2, 'an ID')).toEqual(warning('2 records without an ID were'));
  });
});

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

describe('the place of a key in a sentence', () => {
  it('is a path, or the keychain', () => {
    expect(placeOf('/home/me/keychain (x)')).toBe('/home/me/keychain (x)');
    expect(placeOf('keychain (vastai, default)')).toBe('the keychain');
  });
});

describe('a role that does not exist', () => {
  const failed = (roleNames?: readonly string[]) =>
    Object.assign(new VastaiError('not_found', 'No.'), roleNames === undefined ? {} : { roleNames });
  const hint = (names: readonly string[], name = 'develpoer') =>
    (withClosestRoles(failed(names), name) as VastaiError).hint;

  it('gets a hint with the closest name, or the list of roles', () => {
    expect(hint(['admin', 'developer'])).toBe('Did you mean “developer”?');
    expect(hint(['a\u001b[2Jdmin', 'b'], 'other')).toBe('The roles are “admin”, “b”.');
    expect(hint(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'other')).toMatch(
      /^The roles are “a”, “b”, “c”, “d”, “e”/u,
    );
    expect(hint(['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'other')).not.toContain('“f”');
    expect(hint([])).toBe('The team has no roles.');
  });

  it('leaves other errors as they are', () => {
    const plain = failed();
    expect(withClosestRoles(plain, 'x')).toBe(plain);
    const unnamed = Object.assign(failed(), { roleNames: undefined });
    expect(withClosestRoles(unnamed, 'x')).toBe(unnamed);
    const other = Object.assign(new Error('x'), { roleNames: ['x'] });
    expect(withClosestRoles(other, 'x')).toBe(other);
  });
});

describe('the commands of the official CLI', () => {
  it('are sorted, and include those that call no API', () => {
    expect([...OFFICIAL_COMMANDS].sort()).toEqual(OFFICIAL_COMMANDS);
    for (const one of [
      'get endpt-logs',
      'get endpt-workers',
      'get wrkgrp-logs',
      'run benchmarks',
      'uninstall',
      'update',
      'update workers',
      'search offers',
    ])
      expect(OFFICIAL_COMMANDS).toContain(one);
  });

  it('are suggested for a typo', () => {
    expect(withinTwoLetters('serach', ['search', 'show'])).toBe('search');
    expect(withinTwoLetters('srh', ['search', 'show'])).toBeUndefined();
  });
});

describe('styles', () => {
  it('are added to each line on its own, or not at all', () => {
    expect(STYLED.red('a\nb')).toBe('\u001b[31ma\u001b[39m\n\u001b[31mb\u001b[39m');
    expect(STYLED.contrast('a')).toBe('\u001b[97m\u001b[40ma\u001b[49m\u001b[39m');
    expect(UNSTYLED.red('a\nb')).toBe('a\nb');
    const names = ['bold', 'contrast', 'cyan', 'dim', 'green', 'magenta', 'red', 'yellow'];
    expect(Object.keys(STYLED)).toEqual(names);
    expect(Object.keys(UNSTYLED)).toEqual(names);
  });
});
