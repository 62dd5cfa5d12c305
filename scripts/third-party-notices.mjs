// Collects the licences of the packages in a bundle.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const LICENCE_FILE = /^(licen[cs]e|copying|notice)([.-].*)?$/iu;
/** Software inside packages whose licence files do not mention it. */
const INSIDE = {
  'jq-wasm': `It contains, compiled to WebAssembly:
- jq, copyright Stephen Dolan and contributors, under the MIT licence: https://github.com/jqlang/jq/blob/jq-1.8.2/COPYING
- decNumber, copyright IBM Corporation, under the ICU licence: see the same file
- Oniguruma, copyright K.Kosako, under the BSD 2-Clause licence: https://github.com/kkos/oniguruma/blob/master/COPYING`,
};
const RULE = '-'.repeat(80);

/**
 * Writes THIRD-PARTY-NOTICES.txt into a package's folder.
 *
 * @param inputs the files that are in its bundle, as esbuild names them
 * @throws Error if a package has no licence
 */
export function writeNotices(root, inputs) {
  const folders = new Set(inputs.map((file) => packageFolder(resolve(root, file))).filter(Boolean));
  const notices = [...folders].map(noticeOf).sort((a, b) => (a.title < b.title ? -1 : 1));
  const texts = new Map(notices.map(({ title, text }) => [title, text]));
  const parts = [...texts].map(([title, text]) => `${RULE}\n${title}\n${RULE}\n\n${text}\n`);
  const head = `Software of others that is in dist/, and its licences.\n\n`;
  writeFileSync(join(root, 'THIRD-PARTY-NOTICES.txt'), head + parts.join('\n'));
}

/** The folder of the package that a file in `node_modules` belongs to. */
function packageFolder(file) {
  return /^.*[\\/]node_modules[\\/](?:@[^\\/]+[\\/])?[^\\/]+/u.exec(file)?.[0];
}

function noticeOf(folder) {
  const { name, version, license, author } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));
  if (!license) throw new Error(`${name} ${version} is bundled and names no licence.`);
  const files = readdirSync(folder).filter((file) => LICENCE_FILE.test(file));
  const by = typeof author === 'string' ? author : author?.name;
  const text =
    files.length === 0
      ? `Licensed as ${license}${by ? ` by ${by}` : ''}; the package brings no text of it.`
      : files.map((file) => readFileSync(join(folder, file), 'utf8').trim()).join('\n\n');
  const inside = INSIDE[name] === undefined ? '' : `\n\n${INSIDE[name]}`;
  return { title: `${name} ${version} (${license})`, text: text + inside };
}
