import { spawn } from 'node:child_process';
import { realpathSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Config } from '@oclif/core/interfaces';
import { environmentWithoutKeys } from '@vastai-cli/core/internal/base/environment';
import { StorageError, VastaiError } from '@vastai-cli/core/internal/base/errors';
import { explainFileError } from '@vastai-cli/core/internal/files/file-error';
import { homeError } from '@vastai-cli/core/internal/files/home';
import { shownSource } from './shown-source.js';

/** The system error codes for a folder that cannot be written. */
const UNWRITABLE = ['EACCES', 'EPERM', 'EROFS', 'ENOSPC', 'EDQUOT', 'ENOTDIR', 'EEXIST'];

/** The npm error codes for a package, a version or a file that does not exist. */
const MISSING = ['E404', 'ETARGET', 'ENOVERSIONS', 'ENOENT'];

interface NpmError {
  readonly code?: string;
  readonly summary?: string;
}

/**
 * Runs the npm that installs plugins, with the registry for plugins. Scripts of packages do not run.
 *
 * @param spec the package in `args`, for error messages
 * @returns the JSON that npm printed; `undefined` if it printed nothing
 * @throws VastaiError `usage` for a package that does not exist, `findings` for a tarball that does not match its hash in
 *   the registry, `storage`, or `unreachable`
 */
export async function npm(config: Config, spec: string, args: readonly string[]): Promise<unknown> {
  // Give up on an unreachable registry sooner than npm would, and request only the package.
  const manners = [
    '--fetch-retries=1',
    '--fetch-retry-mintimeout=500',
    '--fetch-timeout=20000',
    '--update-notifier=false',
  ];
  const registry = config.npmRegistry === undefined ? [] : [`--registry=${config.npmRegistry}`];
  await mkdir(config.dataDir, { recursive: true }).catch(cannotWrite(config));
  const program = join(npmFolder(config), 'bin', 'npm-cli.js');
  const { status, text } = await outputOf(
    program,
    [...args, '--json', '--ignore-scripts', ...manners, ...registry],
    config.dataDir,
  );
  const response = parse(text);
  const { error } = (response ?? {}) as { error?: NpmError };
  if (error !== undefined && UNWRITABLE.includes(error.code ?? '')) cannotWrite(config)(error);
  if (error !== undefined) throw failure(spec, error.code ?? '', error.summary);
  if (status !== 0) throw failure(spec, '', `npm exited with status ${status}`);
  return response;
}

/** Returns the folder of that npm, which also contains its own packages. */
export function npmFolder(config: Config): string {
  // Some package managers link packages into place; what a package needs is beside its real folder.
  const root = realpathSync(config.plugins.get('@oclif/plugin-plugins')?.root ?? config.root);
  return dirname(createRequire(join(root, 'package.json')).resolve('npm/package.json'));
}

/** Returns a handler that throws a system error from writing to dataDir as a VastaiError. */
export function cannotWrite({ dataDir }: Pick<Config, 'dataDir'>): (error: NpmError) => never {
  return ({ code = '' }) => {
    const withoutHome = homeError(dataDir);
    if (withoutHome !== undefined) throw withoutHome;
    const { message } = explainFileError('write', dataDir, { code });
    const reason = message.slice(message.indexOf(dataDir) + dataDir.length).replace(/^: /u, '');
    throw new StorageError(`Cannot install plugins in ${dataDir}: ${reason}`, adviceOnFolder(code));
  };
}

function adviceOnFolder(code: string): string {
  if (code === 'ENOSPC' || code === 'EDQUOT') return 'Free some space, then try again.';
  if (code === 'EACCES' || code === 'EPERM') return 'Make it writable.';
  if (code === 'EROFS') return 'Set XDG_DATA_HOME to a writable folder.';
  return 'Move away the file in its place, then try again.';
}

export function missing(spec: string): VastaiError {
  return new VastaiError('usage', `${spec} is not in the npm registry.`, {
    hint: 'List the plugins: vastai plugins',
  });
}

function failure(spec: string, code: string, summary: string | undefined): VastaiError {
  const why = summary?.split('\n', 1)[0]?.trim() || code;
  const shown = shownSource(spec);
  if (code === 'EINTEGRITY') {
    return new VastaiError(
      'findings',
      `The registry sent a ${shown} that does not match its hash (EINTEGRITY).`,
      {
        hint: 'Nothing was installed.',
      },
    );
  }
  if (spec.includes(':')) {
    const isMissing = MISSING.includes(code);
    return new VastaiError(isMissing ? 'usage' : 'unreachable', `Could not download ${shown}: ${why}`, {
      hint: 'To use a plugin in a folder: vastai plugins link FOLDER',
    });
  }
  if (MISSING.includes(code)) return missing(spec);
  return new VastaiError('unreachable', `Could not look up ${spec} in the npm registry: ${why}`, {
    hint: 'Check that it is reachable. Its address comes from VASTAI_NPM_REGISTRY or your npm settings.',
  });
}

function outputOf(program: string, args: readonly string[], cwd: string) {
  return new Promise<{ status: number | null; text: string }>((resolve, reject) => {
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
    child.on('close', (status) => resolve({ status, text }));
  });
}

/** Parses the output of npm: nothing for a range without versions, and half a document if npm was killed. */
function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
