import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { root } from './pack.mjs';

const SECTIONS = '\n\n## Context\n\n## Decision\n\n## Consequences\n';

/** Runs the check on a folder; returns its status and its lines. */
function check(folder) {
  const script = join(root, 'scripts', 'check-docs.mjs');
  const { status, stderr } = spawnSync(process.execPath, [script, folder], { encoding: 'utf8' });
  return { status, problems: stderr.trim().split('\n').filter(Boolean) };
}

/** Returns what the check finds in docs/ once `page` is there. */
function problemsWith(page, text) {
  const copy = realpathSync(mkdtempSync(join(tmpdir(), 'vastai-docs-')));
  onTestFinished(() => rmSync(copy, { recursive: true, force: true }));
  mkdirSync(join(copy, 'packages'));
  mkdirSync(join(copy, 'docs', 'recipes'), { recursive: true });
  cpSync(join(root, 'docs', 'decisions'), join(copy, 'docs', 'decisions'), { recursive: true });
  // They link to pages that are not copied.
  writeFileSync(join(copy, 'docs', 'README.md'), '');
  const before = check(copy).problems;
  writeFileSync(join(copy, page), text);
  return check(copy).problems.filter((problem) => !before.includes(problem));
}

describe('node scripts/check-docs.mjs', () => {
  it('finds nothing in this checkout', () => {
    expect(check(root)).toEqual({ status: 0, problems: [] });
  });

  it.each(['new-page.md', 'recipes/new-page.md'])('requires every page to be in the index: %s', (page) => {
    expect(problemsWith(`docs/${page}`, '# A new page\n')).toEqual([
      expect.stringContaining(`docs/README.md: no link to ${page}`),
    ]);
  });

  it.each([
    ['9001-a.md', `# A title${SECTIONS}`, 'begin with "# 9001: "'],
    ['9001-a.md', '# 9001: A title\n\n## Context\n\n## Decision\n', 'no "## Consequences"'],
    ['0001-again.md', `# 0001: A title${SECTIONS}`, 'the number 0001'],
    ['new.md', `# A title${SECTIONS}`, 'NNNN-title.md'],
  ])('reports what is wrong with the record %s: %j', (name, text, words) => {
    expect(problemsWith(`docs/decisions/${name}`, text)).toEqual([expect.stringContaining(words)]);
  });

  it('finds links to missing files, and ignores examples and other sites', () => {
    const text = [
      '# 9001: A title',
      '[gone](gone.md#part) [there](0001-going-back-without-space.md) [site](https://example.com/gone)',
      '```\n[an example](gone.md)\n```',
    ].join('\n\n');
    expect(problemsWith('docs/decisions/9001-links.md', `${text}${SECTIONS}`)).toEqual([
      'docs/decisions/9001-links.md: gone.md does not exist.',
    ]);
  });
});
