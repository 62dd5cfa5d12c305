// Writes the pages of docs/ that come from data, or with --check compares them. Needs a built packages/permissions.
import { readFile, writeFile } from 'node:fs/promises';

const root = new URL('../', import.meta.url);
const built = (name) => import(new URL(`packages/permissions/dist/docs/${name}.js`, root).href);

const { cataloguePage } = await built('catalogue-page');
const { diagnosticsPage } = await built('diagnostics-page');
const pages = {
  'docs/permissions-catalogue.md': cataloguePage(),
  'docs/permission-diagnostics.md': diagnosticsPage(),
};

for (const [name, wanted] of Object.entries(pages)) {
  const file = new URL(name, root);
  if (!process.argv.includes('--check')) {
    await writeFile(file, wanted);
    continue;
  }
  const found = await readFile(file, 'utf8').catch(() => '');
  if (found.replaceAll('\r\n', '\n') === wanted) continue;
  console.error(`${name} is not what its data says. Run: node scripts/generate-docs.mjs`);
  process.exitCode = 1;
}
