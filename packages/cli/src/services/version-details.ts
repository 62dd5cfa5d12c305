import { createRequire } from 'node:module';
import { arch, release, type } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@oclif/core/config';

/** What a bug report needs; no path, no name and no key of the user's is in it. */
export interface VersionDetails {
  readonly vastai: string;
  readonly node: string;
  readonly system: string;
  readonly shell: string;
  /** The version of the keychain's addon; `none` where it is not installed. */
  readonly keychain: string;
  /** Each plugin with its version, and how it came: `core`, `user`, `link` or `dev`. */
  readonly plugins: readonly string[];
}

export function versionDetails(config: Config): VersionDetails {
  const plugins = [...config.plugins.values()].filter(({ name }) => name !== config.name);
  return {
    vastai: config.version,
    node: process.version,
    system: `${type()} ${release()} ${arch()}`,
    shell: config.shell,
    keychain: addonVersion(config.root),
    // oclif loads them side by side; the order in which they arrive says nothing.
    plugins: plugins.map(({ name, version, type: kind }) => `${name} ${version} (${kind})`).sort(),
  };
}

function addonVersion(root: string): string {
  try {
    const { name, version } = createRequire(join(root, 'package.json'))('keytar/package.json') as Record<
      string,
      string
    >;
    return `${name} ${version}`;
  } catch {
    return 'none';
  }
}
