import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { validate } from '../validation/validate.js';
import { extractDocuments } from './extract.js';
import { extractorFor } from './languages.js';

const NAMES = [
  'instance_read',
  'instance_reed',
  'misc',
  'user_write',
  'billing_read',
  'aΩ😀',
  '"',
  '\\',
  "'",
];
const value = fc.jsonValue({ maxDepth: 2 });
const documents = fc
  .dictionary(fc.constantFrom(...NAMES), fc.oneof(fc.constant({}), value))
  .map((api) => ({ api: { ...api, instance_read: {} } }));

/** Escapes as each of these languages does. */
const quoted = (text: string) => JSON.stringify(text);
const single = (text: string) => `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;

const HOSTS: Readonly<Record<string, (text: string) => string>> = {
  md: (text) => `# A\n\n\`\`\`json\n${text}\n\`\`\`\n`,
  go: (text) => `var p = ${quoted(text)}\n`,
  ts: (text) => `const p = ${quoted(text)};\n`,
  js: (text) => `const p = ${single(text)};\n`,
  py: (text) => `p = ${single(text)}\n`,
  tf: (text) => `p = ${quoted(text)}\n`,
  yaml: (text) => `p: '${text.replaceAll("'", "''")}'\n`,
  yml: (text) => `p: |\n  ${text}\n`,
  sh: (text) => `vastai create api-key --permissions '${text.replaceAll("'", '\\u0027')}'\n`,
};

/** A string that would be a placeholder somewhere is another matter. */
const isPlain = (text: string) => !/\$\{|%\{|\{\{|<%/u.test(text);

describe('a document inside a file', () => {
  it.each(Object.keys(HOSTS))('has the findings of the document in %s, at their text', (language) => {
    const write = HOSTS[language] as (text: string) => string;
    fc.assert(
      fc.property(documents, (document) => {
        const text = JSON.stringify(document);
        fc.pre(isPlain(text) && (language !== 'sh' || !text.includes("'")));
        const host = write(text);
        const alone = validate(text, 'host').diagnostics;
        const extractor = extractorFor(language);
        if (extractor === undefined) throw new Error(language);
        const { documents: found, skipped } = extractDocuments(host, 'host', extractor);
        expect(skipped).toEqual([]);
        expect(found).toHaveLength(1);
        const inside = found[0]?.diagnostics ?? [];
        expect(inside.map(({ code, path }) => [code, path])).toEqual(
          alone.map(({ code, path }) => [code, path]),
        );
        const lines = host.split('\n');
        for (const [index, one] of alone.entries()) {
          const { line, column, endColumn } = inside[index] as (typeof inside)[number];
          const source = text.slice(one.column - 1, one.endColumn - 1);
          const shown = (lines[line - 1] as string).slice(column - 1, endColumn - 1);
          expect([
            source,
            quoted(source).slice(1, -1),
            single(source).slice(1, -1),
            source.replaceAll("'", "''"),
          ]).toContain(shown);
        }
      }),
      { numRuns: 300 },
    );
  });
});
