import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { installed } from '@vastai-cli/testing/programs';
import { describe, expect, it } from 'vitest';
import { readIgnoreRules, verdictOf } from './ignore-rules.js';

const PATTERNS = [
  ...[
    'a',
    '/a',
    'a/',
    '/a/',
    'a/b',
    '*.log',
    '*',
    '/*',
    '**',
    'a*',
    '*a',
    'a?',
    '?',
    'a*c',
    '*b*',
    'a/*',
    'a/*/c',
  ],
  ...[
    '**/b',
    'a/**',
    'a/**/c',
    '**/b/**',
    'a**',
    'a**c',
    '***',
    '**a',
    'a/**b',
    '/**/c',
    'a/**/',
    '[ab]',
    '[!a]',
    '[^a]',
  ],
  ...[
    '[a-c]',
    '[]a]',
    '[a-]',
    '[[:alpha:]]',
    '[![:digit:]]',
    '[',
    '[a',
    'a\\',
    '\\*',
    '\\a',
    '\\#a',
    '\\!a',
    '#a',
    '!',
    '/',
  ],
  ...[
    'a ',
    'a\\ ',
    'a  ',
    ' a',
    '!a',
    '[a/b]',
    'a[/]b',
    '[z-a]',
    '*.{log,txt}',
    'A',
    'b/',
    '.*',
    '*.*',
    'a.log/',
    '//a',
  ],
];
const FILES = [
  'a',
  'b',
  'c',
  'ab',
  'abc',
  'a.log',
  '.log',
  'a b',
  'a ',
  '#a',
  '!a',
  '*',
  '[',
  '[a',
  'a\\',
  '-',
  ']',
  '1',
  'A',
  ' a',
];
const DEEP = ['x/a', 'x/z/b', 'x/y/b/c', 'd/a/b', 'd/a/c', 'd/a/e/c', 'd/a/x/y/c', 'd/a.log', 'x/ab'];

/** Asks git, in whose repository nothing exists but the paths. */
function ignoredByGit(rules: string, paths: readonly string[]): Set<string> {
  const folder = mkdtempSync(join(tmpdir(), 'vastai-ignore-'));
  const run = (args: readonly string[], input = '') =>
    spawnSync('git', args, {
      cwd: folder,
      encoding: 'utf8',
      input,
      env: { PATH: process.env.PATH, HOME: folder },
    });
  try {
    run(['init', '-q']);
    for (const path of paths) {
      mkdirSync(join(folder, path, '..'), { recursive: true });
      writeFileSync(join(folder, path), '');
    }
    writeFileSync(join(folder, '.gitignore'), rules);
    const { stdout } = run(['ls-files', '-z', '--others', '--exclude-standard']);
    const left = new Set(stdout.split('\0'));
    return new Set(paths.filter((path) => !left.has(path)));
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** Decides as the walk does, which does not enter a folder that is ignored. */
function isIgnored(rules: string, path: string): boolean {
  const read = readIgnoreRules(rules);
  const names = path.split('/');
  return names.some((_, index) => {
    const isFolder = index < names.length - 1;
    return verdictOf(read, names.slice(0, index + 1).join('/'), isFolder) === true;
  });
}

describe.runIf(process.platform !== 'win32' && installed('git'))('a .gitignore', () => {
  const paths = [...FILES, ...DEEP];
  const texts = [
    ...PATTERNS,
    '*\n!a',
    '/*\n!/x',
    'd/\n!d/a',
    '*.log\n!a.log\n*.log',
    'a\r\nb\r',
    '\ufeffa',
    '# a\n\n  \nb',
  ];

  it.each(texts)('leaves out what git leaves out: %j', (rules) => {
    const ours = paths.filter((path) => isIgnored(rules, path)).sort();
    expect(ours).toEqual([...ignoredByGit(rules, paths)].sort());
  });
});

describe('the pattern of a stranger', () => {
  it.each([
    ['stars', `${'*a'.repeat(2000)}b`, 'a'.repeat(4000)],
    ['folders', `${'**/'.repeat(1000)}b`, 'a/'.repeat(2000)],
    ['brackets', '['.repeat(20_000), 'a'],
  ])('with many %s takes no time that grows faster than it', (_, pattern, path) => {
    expect(verdictOf(readIgnoreRules(pattern), path, false)).toBe(undefined);
  });
});
