import { createRequire } from 'node:module';
import { arch, release, type } from 'node:os';
import { join } from 'node:path';
import type { Config } from '@oclif/core/config';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { line, type Result, sentence } from '@vastai-cli/kit/result';

export default class Version extends BaseCommand {
  static override wholeConfig = true;
  static override summary = 'Print the versions of vastai and Node.';
  static override examples = [
    {
      description: 'Print everything that a bug report needs:',
      command: '<%= config.bin %> version --verbose',
    },
  ];
  static override flags = {
    verbose: boolean({ description: 'Also print the system, shell, plugins and keychain.' }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(Version);
    const details = versionDetails(this.config);
    if (!flags.verbose) return { document: details, human: [line(this.config.userAgent)] };
    return {
      document: details,
      human: Object.entries(details).map(([name, value]) => sentence(lines(name, value))),
    };
  }
}

/** Holds what a bug report needs. Contains no path, name or key of the user. */
export interface VersionDetails {
  readonly vastai: string;
  readonly node: string;
  readonly system: string;
  readonly shell: string;
  /** The version of the keychain's addon; `none` if it is not installed. */
  readonly keychain: string;
  /** Each plugin with its version and its kind: `core`, `user`, `link` or `dev`. */
  readonly plugins: readonly string[];
}

function versionDetails(config: Config): VersionDetails {
  const plugins = [...config.plugins.values()].filter(({ name }) => name !== config.name);
  return {
    vastai: config.version,
    node: process.version,
    system: `${type()} ${release()} ${arch()}`,
    shell: config.shell,
    keychain: addonVersion(config.root),
    // oclif loads them in parallel, so their order is random.
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

function lines(name: string, value: string | readonly string[]): string {
  return [value]
    .flat()
    .map((one) => `${name.padEnd(10)}${one}`)
    .join('\n');
}
