import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  anyDocument,
  anyFile,
  narrowings,
  type ValidDocument,
  validDocument,
} from '../../fuzz/documents.mjs';
import { suggest } from '../authoring/suggest.js';
import { OPERATIONS } from '../catalogue/catalogue.js';
import { type Action, readAction } from '../decision/action.js';
import { decide, decideOperation } from '../decision/decide.js';
import { diffDocuments, newAccess } from '../diff/diff.js';
import { documentText } from '../document/document-text.js';
import { explain } from '../explain/explain.js';
import { fixDocument } from '../fix/fix.js';
import { locate } from '../json/locate.js';
import { validate } from './validate.js';

const runs = { numRuns: 200 };
const parameters = fc.record(
  { id: fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom('abc', '5')), machine_id: fc.integer() },
  { requiredKeys: [] },
);
const narrowed = validDocument.chain((document) => {
  const narrower = narrowings(document);
  return narrower.length === 0
    ? fc.constant({ document, narrower: document })
    : fc.constantFrom(...narrower).map((one) => ({ document, narrower: one }));
});
const published = fc.constantFrom(...OPERATIONS.filter(({ endpoint }) => endpoint !== undefined));
const known = fc.constantFrom(...OPERATIONS.filter(({ category }) => category !== 'unknown'));
/** An ID that is below the largest 32-bit number, which a range uses to mean "any". */
const anyId = fc.integer({ max: 2 ** 31 - 2 });
const actions = fc
  .array(fc.tuple(fc.oneof(published, known), fc.record({ id: anyId }, { requiredKeys: [] })), {
    maxLength: 5,
  })
  .map((items) => items.map(([{ operation }, given]) => readAction('operation', operation, given) as Action));

describe('for any input', () => {
  it('validate, fix, locate and decide do not crash, and a file with errors has no document', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const { document, diagnostics, text } = validate(file, 'f');
        expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
        const inOrder = diagnostics.every(
          ({ line, column, endLine, endColumn }) =>
            endLine > line || (endLine === line && endColumn >= column),
        );
        expect(inOrder).toBe(true);
        for (const { path } of diagnostics.slice(0, 2)) locate(text, path);
        decide(document, { method: 'GET', path: text });
      }),
      { numRuns: 500 },
    );
  });

  it('validate reads valid documents as JSON.parse does, without an error', () => {
    fc.assert(
      fc.property(validDocument, (document) => {
        const { document: read, diagnostics } = validate(documentText(document), 'f');
        expect(diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
        expect(read).toEqual(document);
      }),
      runs,
    );
  });

  it('fix is idempotent, and leaves nothing it could repair', () => {
    fc.assert(
      fc.property(anyFile, (file) => {
        const { text, fixes } = fixDocument(file);
        if (fixes.length === 0) return;
        expect(fixDocument(text)).toEqual({ text, fixes: [] });
        const left = validate(text, 'f').diagnostics.map(({ code }) => code);
        for (const code of ['VP003', 'VP004', 'VP005', 'VP107'] as const) expect(left).not.toContain(code);
      }),
      { numRuns: 500 },
    );
  });

  it('diff finds no difference between a document and itself', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        expect(diffDocuments(document, structuredClone(document)).changes).toEqual([]);
      }),
      runs,
    );
  });

  it('explain puts every operation in exactly one list', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const lists = explain(document).categories.flatMap(({ can, cannot, notKnown }) => [
          ...can,
          ...cannot,
          ...notKnown,
        ]);
        expect(lists.map(({ operation }) => operation).sort()).toEqual(
          OPERATIONS.map(({ operation }) => operation),
        );
      }),
      { numRuns: 50 },
    );
  });
});

describe('for any narrowing', () => {
  it('newAccess is empty', () => {
    fc.assert(
      fc.property(narrowed, ({ document, narrower }) => {
        expect(newAccess(diffDocuments(document, narrower))).toEqual([]);
      }),
      runs,
    );
  });

  it('decide allows nothing that it did not allow before', () => {
    fc.assert(
      fc.property(narrowed, known, parameters, ({ document, narrower }, { operation }, given) => {
        const before = decideOperation(document, operation, given).verdict;
        const after = decideOperation(narrower, operation, given).verdict;
        if (after === 'allow') expect(before).toBe('allow');
      }),
      { numRuns: 1000 },
    );
  });

  it('newAccess covers everything that decide newly allows', () => {
    fc.assert(
      fc.property(anyDocument, anyDocument, known, parameters, (before, after, { operation }, given) => {
        const was = decideOperation(before, operation, given).verdict;
        const is = decideOperation(after, operation, given).verdict;
        if (was === 'allow' || is !== 'allow') return;
        const found = newAccess(diffDocuments(before, after));
        expect(found.map(({ name }) => name)).toContain(operation);
      }),
      { numRuns: 1000 },
    );
  });
});

describe('for any requested actions', () => {
  const allows = (document: unknown, items: Action[]): boolean =>
    items.every(({ operations, parameters: given }) =>
      operations.every(({ operation }) => decideOperation(document, operation, given).verdict === 'allow'),
    );

  it('suggest returns a document that allows them and has no warnings', () => {
    fc.assert(
      fc.property(actions, (items) => {
        const { document, uncovered } = suggest(items);
        expect(uncovered).toEqual([]);
        expect(allows(document, items)).toBe(true);
        const { diagnostics } = validate(documentText(document), 'f');
        const warnings = diagnostics.filter(({ severity }) => severity !== 'security');
        // A read category is named for what it misleads about, whoever asked for it.
        expect(warnings.map(({ code }) => code).filter((code) => code !== 'VP207')).toEqual([]);
      }),
      runs,
    );
  });

  it('suggest grants nothing that could be removed', () => {
    fc.assert(
      fc.property(actions, (items) => {
        const api = suggest(items).document.api as ValidDocument['api'];
        for (const [category, node] of Object.entries(api)) {
          const { [category]: _, ...others } = api;
          expect(allows({ api: others }, items)).toBe(false);
          for (const endpoint of Object.keys(node)) {
            const { [endpoint]: __, ...rest } = node;
            if (Object.keys(rest).length > 0)
              expect(allows({ api: { ...api, [category]: rest } }, items)).toBe(false);
          }
        }
      }),
      runs,
    );
  });
});
