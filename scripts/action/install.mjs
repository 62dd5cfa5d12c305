// Installs the CLI and the plugins that this job needs in a folder of its own.
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { annotate, setOutput } from './runner.mjs';

const ownVersion = () =>
  JSON.parse(readFileSync(new URL('../../packages/cli/package.json', import.meta.url), 'utf8')).version;

const version = process.env.INPUT_VERSION || ownVersion();
// npm takes much more for a version: a URL, a folder, another package.
if (!/^[0-9A-Za-z][0-9A-Za-z.-]*$/u.test(version)) {
  annotate('error', `version: ${JSON.stringify(version)} is not a version, such as 1.2.3.`);
  process.exit(2);
}
// Outside the checkout, whose .npmrc could name another registry.
const folder = mkdtempSync(join(process.env.RUNNER_TEMP || tmpdir(), 'vastai-'));
const script = join(folder, 'node_modules', 'vastai-cli', 'bin', 'run.js');
const npm = [
  'npm',
  'install',
  '--no-audit',
  '--no-fund',
  '--ignore-scripts',
  '--prefix',
  '.',
  `vastai-cli@${version}`,
];
// npm is a batch file on Windows, which only a shell starts. No word of the line needs quotes.
run(npm.join(' '), [], { shell: true });
const plugins = process.env.INPUT_SCAN === 'true' ? ['scan'] : [];
if (process.env.INPUT_FILES || plugins.length === 0) plugins.push('permissions');
for (const plugin of plugins) run(process.execPath, [script, 'plugins', 'install', plugin, '--yes'], {});
setOutput('script', script);

function run(program, args, options) {
  const { status } = spawnSync(program, args, { cwd: folder, stdio: 'inherit', ...options });
  if (status !== 0) process.exit(status ?? 1);
}
