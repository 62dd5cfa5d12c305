// Checks the handwritten documentation: `node scripts/check-docs.mjs [CHECKOUT]`. Every page of docs/ and docs/recipes/
// must be in the index, every decision record must have the standard form, and every link to a file in the checkout must
// work.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = process.argv[2] ?? fileURLToPath(new URL('..', import.meta.url));
const PARTS = ['Context', 'Decision', 'Consequences'];

const problems = [...pagesMissingInIndex(), ...oddRecords(), ...deadLinks()];
for (const problem of problems) console.error(problem);
process.exit(problems.length === 0 ? 0 : 1);

function* pagesMissingInIndex() {
  const index = read('docs/README.md');
  for (const page of [...pagesIn('docs'), ...pagesIn('docs/recipes').map((name) => `recipes/${name}`)]) {
    if (page === 'README.md' || index.includes(`](${page})`)) continue;
    yield `docs/README.md: no link to ${page}. Add it, with a sentence on what it covers.`;
  }
}

function* oddRecords() {
  const numbers = new Set();
  for (const record of pagesIn('docs/decisions')) {
    if (record === 'README.md') continue;
    const at = `docs/decisions/${record}:`;
    const [number] = /^\d{4}(?=-[a-z0-9-]+\.md$)/u.exec(record) ?? [];
    if (number === undefined) {
      yield `${at} name it NNNN-title.md.`;
      continue;
    }
    if (numbers.has(number)) yield `${at} another record has the number ${number}.`;
    numbers.add(number);
    const text = read(`docs/decisions/${record}`);
    if (!text.startsWith(`# ${number}: `)) yield `${at} begin with "# ${number}: " and the title.`;
    for (const part of PARTS) if (!text.includes(`\n## ${part}\n`)) yield `${at} no "## ${part}".`;
  }
}

function* deadLinks() {
  const packages = readdirSync(join(root, 'packages')).map((name) => `packages/${name}`);
  const folders = ['.', '.changeset', 'docs', 'docs/decisions', 'docs/recipes', ...packages];
  for (const page of folders.flatMap((folder) => pagesIn(folder).map((name) => join(folder, name)))) {
    const text = read(page).replace(/^```[\s\S]*?^```/gmu, '');
    for (const [, target] of text.matchAll(/\]\((?!\w+:|#)([^)#\s]+)/gu)) {
      if (!existsSync(join(root, dirname(page), target))) yield `${page}: ${target} does not exist.`;
    }
  }
}

function pagesIn(folder) {
  if (!existsSync(join(root, folder))) return [];
  // Changelogs are generated from past changesets.
  return readdirSync(join(root, folder))
    .filter((name) => name.endsWith('.md') && name !== 'CHANGELOG.md')
    .sort();
}

function read(page) {
  return readFileSync(join(root, page), 'utf8').replaceAll('\r\n', '\n');
}
