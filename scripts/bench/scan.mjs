// What `scan` is measured with: a tree of files, and secretlint, which looks through a tenth of it.
import { existsSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../pack.mjs';
import { npmInstall } from './programs.mjs';

const SECRETLINT = join(root, 'node_modules', '.cache', 'bench', 'secretlint');
const FOLDERS = 100;
const FILES = 50;
const LINES = 100;
/** The newest that runs on Node 20. */
const VERSION = '11.7.1';
const RULES = '@secretlint/secretlint-rule-preset-recommend';

/** Writes 500,000 lines of code into 5,000 files below `tree`, without a key. */
export function writeTree(scratch) {
  for (let folder = 0; folder < FOLDERS; folder += 1) {
    const path = join(scratch, 'tree', `d${folder}`);
    mkdirSync(path, { recursive: true });
    for (let file = 0; file < FILES; file += 1)
      writeFileSync(join(path, `f${file}.ts`), sourceOf(folder, file));
  }
  // secretlint looks for rules where it is started.
  symlinkSync(join(SECRETLINT, 'node_modules'), join(scratch, 'node_modules'), 'junction');
  writeFileSync(join(scratch, '.secretlintrc.json'), JSON.stringify({ rules: [{ id: RULES }] }));
}

/** Returns the arguments with which Node runs secretlint on a tenth of the tree. It is fetched from npm once. */
export function secretlintArgs() {
  const script = join(SECRETLINT, 'node_modules', 'secretlint', 'bin', 'secretlint.js');
  if (!existsSync(script))
    npmInstall(SECRETLINT, ['--ignore-scripts', `secretlint@${VERSION}`, `${RULES}@${VERSION}`]);
  return [script, 'tree/d1[0-9]/*.ts'];
}

function sourceOf(folder, file) {
  const lines = Array.from({ length: LINES }, (_, line) =>
    line % 4 === 0
      ? `// Line ${line} of ${folder}/${file}: nothing to see.`
      : `export const name${line} = call(${folder}, '${file}');`,
  );
  return `${lines.join('\n')}\n`;
}
