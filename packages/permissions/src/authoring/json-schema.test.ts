import { readdirSync, readFileSync } from 'node:fs';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { anyDocument } from '../../fuzz/documents.mjs';
import type { DiagnosticCode } from '../validation/diagnostics.js';
import { validate } from '../validation/validate.js';
import { permissionSchema } from './json-schema.js';

/** The errors that a schema can express; the others are about text, spelling, or two values at once. */
const EXPRESSIBLE: ReadonlySet<DiagnosticCode> = new Set([
  'VP008',
  'VP010',
  'VP011',
  'VP012',
  'VP013',
  'VP014',
  'VP016',
  'VP017',
  'VP018',
  'VP019',
  'VP020',
  'VP023',
  'VP026',
  'VP027',
]);

const accepts = new Ajv2020({ strict: true, allowUnionTypes: true, strictTypes: false }).compile(
  permissionSchema(),
);

const agrees = (text: string): void => {
  const { diagnostics } = validate(text, 'f');
  const valid = !diagnostics.some(({ code }) => EXPRESSIBLE.has(code));
  expect(accepts(JSON.parse(text)), text).toBe(valid);
};

describe('the JSON Schema of permission documents', () => {
  it('agrees with validate on the corpus, as far as a schema can', () => {
    const corpus = new URL('../../corpus/', import.meta.url);
    const texts = readdirSync(corpus)
      .filter((name) => name.endsWith('.json') && !name.includes('.generate.'))
      .map((name) => readFileSync(new URL(name, corpus), 'utf8'))
      .filter(isJson);
    expect(texts.length).toBeGreaterThan(40);
    for (const text of texts) agrees(text);
  });

  it('agrees with validate on any document, as far as a schema can', () => {
    fc.assert(
      fc.property(anyDocument, (document) => {
        const text = JSON.stringify(document);
        // A schema lets any number pass in the parts whose effect is not documented.
        fc.pre(!validate(text, 'f').diagnostics.some(({ code }) => code === 'VP023'));
        agrees(text);
      }),
      { numRuns: 500 },
    );
  });
});

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
