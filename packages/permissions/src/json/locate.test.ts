import { describe, expect, it } from 'vitest';
import { decide } from '../decision/decide.js';
import { locate } from './locate.js';

const text =
  '{\n  "api": {\n    "instance_read": { "api.instance.show": {} }\n  },\n  "list": [1, { "a": 2 }]\n}';

describe('locate', () => {
  it.each([
    ['$', 1, 1],
    ['$.api', 2, 3],
    ["$.api.instance_read['api.instance.show']", 3, 24],
    ['$.list[0]', 5, 12],
    ['$.list[1].a', 5, 17],
  ])('finds %s', (path, line, column) => {
    expect(locate(text, path)).toMatchObject({ line, column });
  });

  it('finds the part that decided', () => {
    const { api } = JSON.parse(text);
    const { path } = decide({ api }, { method: 'GET', path: '/api/v0/instances/5/' });
    expect(locate(text, path ?? '')).toEqual({ line: 3, column: 24, endLine: 3, endColumn: 43 });
  });

  it('finds the last of duplicate keys', () => {
    expect(locate('{"api":{},"api":{}}', '$.api')).toMatchObject({ column: 11 });
  });

  it.each(['$.nothing', '$.api.x', '$.list[7]', '', '$.api.instance_read.'])(
    'finds nothing for %j',
    (path) => {
      expect(locate(text, path)).toBeUndefined();
    },
  );

  it('finds nothing in an empty string', () => {
    expect(locate('', '$')).toBeUndefined();
  });
});
