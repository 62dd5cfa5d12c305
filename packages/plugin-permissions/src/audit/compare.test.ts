import { describe, expect, it } from 'vitest';
import type { StoredDocument } from '../documents/referenced-document.js';
import type { Holder } from './account.js';
import { compareAll, findingsOf } from './compare.js';
import type { ExpectedFile } from './expected-files.js';

const holder = (document: StoredDocument, more: Partial<Holder> = {}): Holder => ({
  kind: 'key',
  reference: 'key:42',
  id: 42,
  name: 'ci',
  access: document === null ? 'full' : 'limited',
  document,
  isSystem: false,
  createdAt: null,
  ...more,
});
const file = (document: StoredDocument, more: Partial<ExpectedFile> = {}): ExpectedFile => ({
  kind: 'key',
  name: 'ci',
  path: 'keys/ci.json',
  text: '',
  document,
  diagnostics: [],
  ...more,
});
describe('compareAll', () => {
  it('does not mix up keys and roles of one name, and needs no file for the primary key', () => {
    const role = holder({ api: {} }, { kind: 'role', reference: 'role:ci', id: 1 });
    const primary = holder(null, { kind: 'primary', reference: 'key:1', id: 1, name: null });
    const found = compareAll({ holders: [role, primary], hasRoles: true }, [file({ api: {} })]);
    expect(found.map(({ reference, file: path, state }) => [reference, path, state])).toEqual([
      ['role:ci', null, 'no_file'],
      [null, 'keys/ci.json', 'no_key'],
    ]);
    expect(found.flatMap(findingsOf).map(({ code, file: name }) => [code, name])).toEqual([
      ['VP306', 'role:ci'],
      ['VP307', 'keys/ci.json'],
    ]);
  });

  it('does not miss a role that the API does not list', () => {
    const expected = file({ api: {} }, { kind: 'role', path: 'keys/roles/ci.json' });
    const [found] = compareAll({ holders: [], hasRoles: false }, [expected]);
    expect(found).toMatchObject({ reference: null, file: 'keys/roles/ci.json', state: 'unknown' });
    expect(compareAll({ holders: [], hasRoles: true }, [expected])).toMatchObject([{ state: 'no_key' }]);
  });
});
