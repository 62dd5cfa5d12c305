import { spawn } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { environmentWithoutKeys } from '@vastai-cli/core/config/environment';
import { VastaiError } from '@vastai-cli/core/errors';
import type { PackageStatement } from './fit.js';

/**
 * Asks the registry that plugins come from about a package, with the npm that installs them.
 *
 * @param spec a name with a version, a range or a tag: `@vastai-cli/plugin-keys@^1.0.0`
 * @returns what each version that it stands for says about itself
 * @throws VastaiError `not_found` or `unreachable`
 */
export async function lookUp(config: Config, spec: string): Promise<PackageStatement[]> {
  // A registry that is down is not waited for as long as npm would.
  const args = [
    'view',
    spec,
    'name',
    'version',
    'engines',
    '--json',
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=500',
  ];
  if (config.npmRegistry !== undefined) args.push(`--registry=${config.npmRegistry}`);
  await mkdir(config.dataDir, { recursive: true });
  const answer = parse(await outputOf(npmProgram(config), args, config.dataDir));
  const error = (answer as { error?: { code?: string; summary?: string } } | undefined)?.error;
  if (answer === undefined || error?.code === 'E404') {
    throw new VastaiError('not_found', `There is no ${spec} in the npm registry.`, {
      hint: `See which plugins there are: vastai plugins`,
    });
  }
  if (error !== undefined) {
    const why = error.summary?.split('\n', 1)[0]?.trim() || error.code;
    throw new VastaiError('unreachable', `The npm registry could not be asked for ${spec}: ${why}`, {
      hint: 'Is it reachable? Its address comes from VASTAI_NPM_REGISTRY or the settings of npm.',
    });
  }
  return [answer].flat() as PackageStatement[];
}

function npmProgram(config: Config): string {
  const root = config.plugins.get('@oclif/plugin-plugins')?.root ?? config.root;
  return join(
    createRequire(join(root, 'package.json')).resolve('npm/package.json'),
    '..',
    'bin',
    'npm-cli.js',
  );
}

function outputOf(program: string, args: readonly string[], cwd: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, ...args], {
      cwd,
      stdio: ['ignore', 'pipe', 'ignore'],
      env: environmentWithoutKeys(),
    });
    let text = '';
    child.stdout.setEncoding('utf8').on('data', (more: string) => {
      text += more;
    });
    child.on('error', reject);
    child.on('close', () => resolve(text));
  });
}

/** npm prints nothing for a range that no version is in. */
function parse(text: string): unknown {
  return text.trim() === '' ? undefined : JSON.parse(text);
}
