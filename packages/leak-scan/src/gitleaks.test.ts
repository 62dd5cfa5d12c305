import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { negatives } from '../test-support/negatives.js';
import { positives } from '../test-support/positives.js';
import { Random } from '../test-support/random.js';

const text = readFileSync(new URL('../../../docs/gitleaks.toml', import.meta.url), 'utf8');
const [head = '', ...tables] = text.split(/^(?=\[\[)/mu);
const rules = tables.filter((table) => table.startsWith('[[rules]]')).map(ruleOf);
const allowed = tables.filter((table) => table.startsWith('[[allowlists]]')).map(allowlistOf);

/** What only a program can find: gitleaks looks for one expression in one spelling. */
const BEYOND = [
  'a key over two lines',
  'a notebook',
  'a section',
  'source code',
  'a client',
  'a string that is given to a command',
  'a value with its name behind it or above it',
  'a script with the address of the API',
  'other languages',
];

/** An expression of Go cannot say that digits repeat after 16 others, or count up. */
const SAMPLES = ['repeated digits', 'a sample that was typed'];

describe('docs/gitleaks.toml', () => {
  it('keeps to what the expressions of gitleaks have: no references, and nothing that looks around', () => {
    expect(head).toContain('useDefault = true');
    expect(rules.length).toBeGreaterThanOrEqual(9);
    for (const { source } of rules) expect(source).not.toMatch(/\(\?[=!<]|\\[1-9]/u);
  });

  it('finds the keys of the corpus, but for those that take more than an expression', () => {
    const files = positives(new Random(19), 24);
    const usual = files.filter(({ form }) => !BEYOND.includes(form));
    const found = (all: typeof files) =>
      all.filter(({ text, path, key }) => secretsIn(text, path).includes(key));
    const recall = found(files).length / files.length;
    const missed = usual.filter((file) => !found([file]).includes(file));
    console.log(`gitleaks rules: recall ${(100 * recall).toFixed(2)} %`);
    expect([...new Set(missed.map(({ form }) => form))]).toEqual([]);
    expect(recall).toBeGreaterThanOrEqual(0.75);
  });

  it('finds nothing where there is no key', () => {
    const files = negatives(new Random(20), 40);
    const wrong = files.filter(({ text, path }) => secretsIn(text, path).length > 0);
    const count = (form: string) => wrong.filter((file) => file.form === form).length;
    const forms = Object.fromEntries(
      [...new Set(wrong.map(({ form }) => form))].map((form) => [form, count(form)]),
    );
    console.log(`gitleaks rules: ${wrong.length} of ${files.length} files without a key have a finding`);
    expect(Object.keys(forms).filter((form) => !SAMPLES.includes(form))).toEqual([]);
    expect(wrong.length / files.length).toBeLessThan(0.03);
  });
});

/** Does what gitleaks does with a file: the rules, their paths, the entropy, and the lists of what is allowed. */
function secretsIn(text: string, path: string): string[] {
  return rules.flatMap((rule) => {
    if (rule.path !== undefined && !rule.path.test(path)) return [];
    return [...text.matchAll(rule.regex)]
      .filter((match) => {
        const [whole, secret = ''] = match;
        const at = match.index + whole.indexOf(secret);
        const end = text.indexOf('\n', at);
        const line = text.slice(text.lastIndexOf('\n', at) + 1, end === -1 ? text.length : end);
        return entropyOf(secret) > 3.5 && !allowed.some((allows) => allows(path, line, secret));
      })
      .map((match) => match[1] ?? '');
  });
}

function ruleOf(table: string): { source: string; regex: RegExp; path: RegExp | undefined } {
  const [source = ''] = valuesOf(table, 'regex');
  const [path] = valuesOf(table, 'path');
  return { source, regex: expression(source, 'g'), path: path === undefined ? undefined : expression(path) };
}

function allowlistOf(table: string): (path: string, line: string, secret: string) => boolean {
  const regexes = valuesOf(table, 'regexes').map((source) => expression(source));
  const paths = valuesOf(table, 'paths').map((source) => expression(source));
  const ofLine = table.includes('regexTarget = "line"');
  return (path, line, secret) =>
    paths.some((one) => one.test(path)) || regexes.some((one) => one.test(ofLine ? line : secret));
}

function valuesOf(table: string, name: string): string[] {
  const line = table.split('\n').find((one) => one.startsWith(`${name} = `)) ?? '';
  return [...line.matchAll(/'''(?<value>.*?)'''/gu)].map(({ groups }) => groups?.value ?? '');
}

/** Makes an expression of Go one of JavaScript. */
function expression(source: string, flags = ''): RegExp {
  return new RegExp(source.replace('(?i)', ''), source.startsWith('(?i)') ? `${flags}i` : flags);
}

function entropyOf(word: string): number {
  const counts = [...new Set(word)].map((character) => word.split(character).length - 1);
  return counts.reduce((sum, count) => sum - (count / word.length) * Math.log2(count / word.length), 0);
}
