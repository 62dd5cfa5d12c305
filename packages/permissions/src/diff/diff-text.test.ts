import { describe, expect, it } from 'vitest';
import type { AccessChange } from './access-change.js';
import { diffDocuments } from './diff.js';
import { diffText } from './diff-text.js';

const change = (more: Partial<AccessChange>): AccessChange => ({
  change: 'granted',
  certain: true,
  subject: 'operation',
  name: 'team.list',
  category: 'team_read',
  before: 'nothing',
  after: 'everything',
  ...more,
});

describe('diffText', () => {
  it('puts what gives access first, each kind of change under its name', () => {
    const kinds = ['removed', 'narrowed', 'widened', 'granted'] as const;
    const changes = kinds.flatMap((kind) => [
      change({ change: kind, name: `${kind}.one` }),
      change({ change: kind, name: `${kind}.two` }),
    ]);
    const section = (kind: string) =>
      `${kind}\n  ${kind}.one (team_read): nothing → everything\n  ${kind}.two (team_read): nothing → everything\n`;
    expect(diffText({ changes })).toBe(['granted', 'widened', 'narrowed', 'removed'].map(section).join(''));
  });

  it('prints nothing of the kinds that do not occur', () => {
    expect(diffText({ changes: [change({ change: 'narrowed' })] })).toBe(
      'narrowed\n  team.list (team_read): nothing → everything\n',
    );
  });

  it('prints one line if nothing changes', () => {
    expect(diffText({ changes: [] })).toBe('No difference in access.\n');
  });

  it('names a part of a document by its path, and marks uncertain changes', () => {
    const { category: _, ...part } = change({ subject: 'other', name: '$.api.params', certain: false });
    expect(diffText({ changes: [part] })).toBe('granted\n  $.api.params: nothing → everything (uncertain)\n');
  });

  it('escapes the names of endpoints and categories', () => {
    const text = diffText(
      diffDocuments({ api: { misc: {} } }, { api: { misc: {}, 'odd\u001b': { 'api.\u001b[31m': {} } } }),
    );
    expect(text).toBe(
      "granted\n  endpoint api.\\u001b[31m (odd\\u001b): nothing → everything (uncertain)\n    may be new: requests that Vast.ai does not document, decided by $.api['odd\\u001b']['api.\\u001b[31m']\n",
    );
  });

  it('shows a request that is new', () => {
    const request = { method: 'PUT', path: '/x/1/', parameters: { a: 'b"', n: 1 } };
    expect(diffText({ changes: [change({ request, path: '$.api', line: 5 })] })).toContain(
      '\n    new: PUT /x/1/ with { "a": "b\\"", "n": 1 }, decided by line 5\n',
    );
  });
});
