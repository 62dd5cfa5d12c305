import { describe, expect, it } from 'vitest';
import { countRemark, leftOutRemarks } from './list-remarks.js';

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
