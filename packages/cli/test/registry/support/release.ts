import { chmod, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { copyRepository, type RepositoryCopy } from '../../support/repository-copy.js';
import type { Registry } from './registry.js';

/** The next release, made from a copy of this checkout as docs/releasing.md says. */
export interface Release {
  readonly copy: RepositoryCopy;
  readonly version: string;
  /** The output of `npm run release`. */
  readonly said: string;
  /** The environment for another release. */
  readonly env: NodeJS.ProcessEnv;
  /** Returns the path of a published package, such as `plugin-keys`, in the registry. */
  tarballOf(name: string): string;
}

/** Raises the versions by a minor one, so that every range between packages changes, and publishes. */
export async function makeRelease(registry: Registry): Promise<Release> {
  const copy = await copyRepository();
  await copy.addChangeset('vastai-cli', 'minor', 'Something is added.');
  await copy.commit('Add something');
  await copy.run('npm', ['run', 'release:version']);
  await copy.commit('Raise the versions');
  const env = await publishingTo(registry);
  const said = await copy.run('npm', ['run', 'release'], env);
  const { version } = JSON.parse(await readFile(join(copy.folder, 'packages/cli/package.json'), 'utf8'));
  const tarballOf = (name: string) => {
    const published = name === 'cli' ? 'vastai-cli' : `@vastai-cli/${name}`;
    return join(registry.storage, published, `${published.split('/').at(-1)}-${version}.tgz`);
  };
  await markShrinkwrap(registry);
  return { copy, version, said, env, tarballOf };
}

/** Says of the CLI that it has a shrinkwrap, as the registry of npm does by itself; without that, npm does not look for it. */
async function markShrinkwrap({ storage }: Registry): Promise<void> {
  const file = join(storage, 'vastai-cli', 'package.json');
  const document = JSON.parse(await readFile(file, 'utf8'));
  for (const version of Object.values<object>(document.versions))
    Object.assign(version, { _hasShrinkwrap: true });
  await writeFile(file, JSON.stringify(document));
}

/**
 * Returns the environment that makes `npm run release` publish to a registry on this machine, without provenance.
 * The packages themselves ask for that (`publishConfig.provenance`), and npm lets nothing go before them but words on
 * its command line: no variable and no settings. So pnpm gets another npm, which adds the word.
 */
async function publishingTo({ url, npmrc, folder }: Registry): Promise<NodeJS.ProcessEnv> {
  const npm = join(folder, 'npm-without-provenance');
  await writeFile(npm, '#!/bin/sh\nexec npm "$@" --provenance=false\n');
  await chmod(npm, 0o755);
  return { npm_config_registry: url, npm_config_userconfig: npmrc, npm_config_npm_path: npm };
}
