import type { Config } from '@oclif/core/config';
import type { Installation } from './installed.js';

/**
 * Returns the `this.config` of a command on the fast path: names and folders, and no hooks. oclif computes the rest by
 * loading every plugin; a command that needs it sets `static wholeConfig`.
 */
export function fastPathConfig({ cli, dataFolder }: Installation, userAgent: string): Config {
  const { name, version, oclif } = cli.file;
  const bin = oclif.bin ?? name;
  const config: object = {
    bin,
    dataDir: dataFolder,
    name,
    pjson: cli.file,
    root: cli.root,
    runHook: async () => ({ successes: [], failures: [] }),
    scopedEnvVarKeys: (key: string) => [`${bin}_${key}`.toUpperCase()],
    userAgent,
    version,
  };
  return new Proxy(config, {
    get(target, key) {
      if (typeof key === 'symbol' || key in target) return Reflect.get(target, key);
      throw new Error(`this.config.${key} needs "static override wholeConfig = true" in the command.`);
    },
  }) as Config;
}
