import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { ACCOUNT_RULES } from './account-rules.js';
import { DIAGNOSTIC_RULES } from './diagnostics.js';
import { validate } from './validate.js';

const corpus = new URL('../../corpus/', import.meta.url);
const names = readdirSync(corpus).filter((name) => name.endsWith('.json'));
const expected = (name: string): string =>
  readFileSync(new URL(name.replace(/\.json$/u, '.expected'), corpus), 'utf8');

interface Recipe {
  readonly before: string;
  readonly repeat: string;
  readonly times: number;
  readonly after: string;
  readonly first?: number;
}

/** The document of a corpus file, and how many of its findings are compared. */
function load(name: string): { input: Uint8Array | string; first: number } {
  const bytes = readFileSync(new URL(name, corpus));
  if (!name.endsWith('.generate.json')) return { input: bytes, first: Number.POSITIVE_INFINITY };
  const { before, repeat, times, after, first } = JSON.parse(bytes.toString()) as Recipe;
  return { input: before + repeat.repeat(times) + after, first: first ?? Number.POSITIVE_INFINITY };
}

/** The codes of findings in a file. The others are about the keys of an account. */
const CODES = Object.keys(DIAGNOSTIC_RULES).filter((code) => !Object.hasOwn(ACCOUNT_RULES, code));

describe('the corpus of permission files', () => {
  it.each(names)('%s has the findings in the file next to it', (name) => {
    const { input, first } = load(name);
    const found = validate(input, name).diagnostics.map(
      ({ code, line, column, endLine, endColumn, path }) =>
        `${code} ${line}:${column}-${endLine}:${endColumn} ${path}\n`,
    );
    const shown = found.length > first ? [...found.slice(0, first), ...found.slice(-1)] : found;
    expect(shown.join('')).toBe(expected(name));
  });

  it.each(names)('%s gives a document exactly when it has no error', (name) => {
    const { document, diagnostics } = validate(load(name).input, name);
    expect(document === undefined).toBe(diagnostics.some(({ severity }) => severity === 'error'));
  });

  it.each(CODES)('%s is the first thing that some file is about', (code) => {
    const about = names.filter((name) => name.split('-').includes(code));
    expect(about).not.toEqual([]);
    for (const name of about) expect(expected(name)).toContain(`${code} `);
  });
});
