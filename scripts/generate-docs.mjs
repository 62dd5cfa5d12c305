// Writes the generated pages of docs/, the list of decisions, and the report of public types. `--check` compares them
// instead. Run it after a build.
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { readExamples } from './api-docs/examples.mjs';
import { apiPage } from './api-docs/page.mjs';
import { differences, publicReport } from './api-docs/report.mjs';
import { readSurface } from './api-docs/surface.mjs';

const root = new URL('../', import.meta.url);
const built = (path) => import(new URL(`packages/${path}.js`, root).href);

const { cataloguePage } = await built('permissions/dist/pages/catalogue-page');
const { diagnosticsPage } = await built('permissions/dist/pages/diagnostics-page');
const { VARIABLES } = await built('core/dist/base/environment');
const CORE = '@vastai-cli/core';
const REPORT = 'packages/core/public-api.txt';
const core = fileURLToPath(new URL('packages/core', root));
const surface = readSurface(core);
const pages = {
  'docs/api/core.md': apiPage(CORE, coreIntro(), surface, readExamples(`${core}/examples`, CORE)),
  [REPORT]: publicReport(CORE, surface),
  'docs/permissions-catalogue.md': cataloguePage(),
  'docs/permission-diagnostics.md': diagnosticsPage(),
  'docs/environment.md': environmentPage(),
  'docs/decisions/README.md': await decisionsPage(),
};

for (const [name, wanted] of Object.entries(pages)) {
  const file = new URL(name, root);
  if (!process.argv.includes('--check')) {
    await writeFile(file, wanted);
    continue;
  }
  const found = await readFile(file, 'utf8').catch(() => '');
  const before = found.replaceAll('\r\n', '\n');
  if (before === wanted) continue;
  console.error(`${name} ${name === REPORT ? publicTypesChanged(before, wanted) : 'is out of date.'}
Run: node scripts/generate-docs.mjs`);
  process.exitCode = 1;
}

function publicTypesChanged(before, after) {
  return `no longer says what ${CORE} exports:
${differences(before, after).join('\n')}
If others should notice that, write it down, with a changeset.`;
}

function coreIntro() {
  return `Everything that can be imported from \`${CORE}\`. [Its README](../../packages/core/README.md) shows how to start, and
says what is stable. The tests compile and run every example on this page.`;
}

function environmentPage() {
  return `# Environment variables

An empty variable counts as unset. A flag overrides the variable for the same setting.

| variable | what it is for |
|---|---|
${Object.entries(VARIABLES)
  .map(([name, what]) => `| \`${name}\` | ${what} |`)
  .join('\n')}

A key command gets all of your environment except \`VAST_API_KEY\`, \`VAST_API_KEY_FILE\` and \`DEBUG\`; the helper that talks to
the keychain gets only what it needs.
`;
}

/** Returns the page of decisions with the list of all records between its markers. */
async function decisionsPage() {
  const folder = new URL('docs/decisions/', root);
  const page = await readFile(new URL('README.md', folder), 'utf8');
  const names = (await readdir(folder)).filter((name) => /^\d{4}-.*\.md$/u.test(name)).sort();
  const records = names.map(async (name) => {
    const [heading] = (await readFile(new URL(name, folder), 'utf8')).split(/\r?\n/u, 1);
    return `- [${name.slice(0, 4)}](${name}): ${heading.replace(/^# (?:\d{4}: )?/u, '')}`;
  });
  const list = (await Promise.all(records)).join('\n');
  return page
    .replaceAll('\r\n', '\n')
    .replace(/(?<=<!-- records: .* -->\n)[\s\S]*(?=<!-- \/records -->)/u, () => `\n${list}\n\n`);
}
