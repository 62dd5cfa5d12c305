import { existsSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cliRoot } from '@vastai-cli/testing/checkout/paths';

/** Makes a folder of a CLI with the real addon, which records each process that loads it. */
export async function countingAddon() {
  const root = await mkdtemp(join(tmpdir(), 'vastai-addon-'));
  const folder = join(root, 'node_modules', 'keytar');
  const real = createRequire(join(cliRoot, 'package.json')).resolve('keytar');
  const notes = join(folder, 'starts');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{"main":"addon.js"}');
  await writeFile(
    join(folder, 'addon.js'),
    `require('node:fs').appendFileSync('starts', '.');\nmodule.exports = require(${JSON.stringify(real)});\n`,
  );
  return {
    cliRoot: root,
    /** Returns the number of processes. */
    starts: () => (existsSync(notes) ? readFileSync(notes, 'utf8').length : 0),
    remove: () => rm(root, { recursive: true }),
  };
}
