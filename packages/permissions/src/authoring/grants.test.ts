import { describe, expect, it } from 'vitest';
import { documentText } from '../document/document-text.js';
import { isSameValue } from '../json/same-value.js';
import { validate } from '../validation/validate.js';
import { documentOfGrants, grantsOf } from './grants.js';
import { documentOfPreset, PRESETS, presetNamed } from './presets.js';

const made = (...grants: string[]): unknown => {
  const result = documentOfGrants(grants);
  return 'document' in result ? result.document : result.problems;
};

describe('documentOfGrants', () => {
  it('builds categories, endpoints and constraints', () => {
    expect(
      made('team_read', 'instance_write:api.instance.destroy:id=5', 'instance_read:api.instance.show'),
    ).toEqual({
      api: {
        instance_read: { 'api.instance.show': {} },
        instance_write: { 'api.instance.destroy': { constraints: { id: { eq: 5 } } } },
        team_read: {},
      },
    });
  });

  it('reads values as numbers, booleans and strings', () => {
    const leaf = (value: string): unknown => made(`misc:api.a.b:x=${value}`);
    for (const [text, eq] of [
      ['5', 5],
      ['05', '05'],
      ['true', true],
      ['a=b:c', 'a=b:c'],
      ['9007199254740993', '9007199254740993'],
    ]) {
      expect(leaf(text as string)).toEqual({ api: { misc: { 'api.a.b': { constraints: { x: { eq } } } } } });
    }
  });

  it('lets a category override its endpoints and an endpoint its constraints, in any order', () => {
    const everything = { api: { misc: {} } };
    expect(made('misc:api.a.b', 'misc')).toEqual(everything);
    expect(made('misc', 'misc:api.a.b')).toEqual(everything);
    const endpoint = { api: { misc: { 'api.a.b': {} } } };
    expect(made('misc:api.a.b:x=1', 'misc:api.a.b')).toEqual(endpoint);
    expect(made('misc:api.a.b', 'misc:api.a.b:x=1')).toEqual(endpoint);
    expect(made('misc:api.a.b:x=1', 'misc:api.a.b:y=2')).toEqual({
      api: { misc: { 'api.a.b': { constraints: { x: { eq: 1 }, y: { eq: 2 } } } } },
    });
  });

  it('rejects misspelled grants and grants that no document can express', () => {
    expect(made('misc:api.a.b:x=1', 'misc:api.a.b:x=2')).toEqual([
      'api.a.b cannot be limited to two values of "x". A constraint takes one value.',
    ]);
    expect(made('miscs', 'x', 'instance_read:api.instance.shwo', '', 'misc:', 'misc:a:b')).toEqual([
      'Unknown category "miscs". Did you mean misc?',
      expect.stringContaining('Unknown category "x". The categories are misc,'),
      'Unknown endpoint "api.instance.shwo". Did you mean "api.instance.show"?',
      '"" must have the form CATEGORY[:ENDPOINT[:param=value]].',
      '"misc:" must have the form CATEGORY[:ENDPOINT[:param=value]].',
      '"misc:a:b" must have the form CATEGORY[:ENDPOINT[:param=value]].',
    ]);
  });
});

/** The presets, for one instance where they need one. */
const READY = PRESETS.map((preset) => ({
  name: preset.name,
  document: documentOfPreset(preset, 5) ?? { api: {} },
}));

describe('the presets', () => {
  it('are valid, and the only warning is about what read categories are called', () => {
    expect(PRESETS.map(({ name }) => name)).toEqual([
      'automation',
      'billing-viewer',
      'ci-deploy',
      'host',
      'instance-operator',
      'monitoring',
      'self-destruct',
    ]);
    for (const { name, document } of READY) {
      const { document: read, diagnostics } = validate(documentText(document, './schema.json'), name);
      expect(read).toEqual(document);
      const unexpected = diagnostics.filter(
        ({ severity, code }) => severity !== 'security' && code !== 'VP207',
      );
      expect(unexpected).toEqual([]);
    }
  });

  it('never let a key manage keys, the account, stored secrets or the team', () => {
    for (const { document } of READY) {
      for (const category of ['user_read', 'user_write', 'team_write', 'billing_write']) {
        expect(document.api).not.toHaveProperty(category);
      }
    }
    expect(presetNamed('monitoring')?.document).toEqual({ api: { instance_read: {} } });
    expect(presetNamed('toString')).toBeUndefined();
  });
});

describe('grantsOf', () => {
  it('returns the grants that make the document of each preset', () => {
    for (const { document } of READY) expect(documentOfGrants(grantsOf(document))).toEqual({ document });
  });

  it('keeps whole endpoints, and several parameters', () => {
    const limited = { constraints: { id: { eq: 5 }, name: { eq: 'x' } } };
    const document = {
      api: { instance_write: { 'api.instance.destroy': limited, 'api.instance.reboot': {} } },
    };
    expect(documentOfGrants(grantsOf(document))).toEqual({ document });
  });
});

describe('isSameValue', () => {
  it('ignores the order of keys', () => {
    expect(isSameValue({ a: { b: 1, c: [1, 2] } }, { a: { c: [1, 2], b: 1 } })).toBe(true);
    expect(isSameValue({ a: [1, 2] }, { a: [2, 1] })).toBe(false);
    expect(isSameValue({ a: {} }, { a: [] })).toBe(false);
    expect(isSameValue({ a: 1 }, { a: 1, b: 1 })).toBe(false);
    expect(isSameValue({ toString: 1 }, {})).toBe(false);
    expect(isSameValue(false, { api: {} })).toBe(false);
  });

  it('compares values nested deeper than any document', () => {
    const deep = (): unknown => JSON.parse(`${'['.repeat(50_000)}${']'.repeat(50_000)}`);
    expect(isSameValue(deep(), deep())).toBe(true);
  });
});
