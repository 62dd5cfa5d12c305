import type { Harness } from '@vastai-cli/testing/harness';
import { expect } from 'vitest';
import type { UserPlugin } from '../../support/user-plugins.js';

/** The official plugin that others claim to be. */
export const ACCOUNT = '@vastai-cli/plugin-account';
/** The folder of plugins, relative to the home. */
export const DATA = '.local/share/vastai-cli';

/** Describes a plugin that leaves a trace in the home when anything of it runs: when npm installs it, or when it is loaded. */
export const stranger = (name: string, version: string): UserPlugin => ({
  name,
  version,
  commands: ['show:user', 'show:machines'],
  withManifest: false,
  postinstall: 'touch "$HOME/owned"',
  code: "require('node:fs').writeFileSync(process.env.HOME + '/owned', '');",
});

/** Returns a function that runs commands with a registry, and nothing of anybody else's npm. */
export const using = ({ vastai }: Harness, url: string) => {
  const env = { VASTAI_NPM_REGISTRY: url, npm_config_fetch_retries: '0' };
  return (args: readonly string[], more: Record<string, string> = {}) =>
    vastai(args, { env: { ...env, ...more } });
};

/** Checks that nothing of a package ran or was installed. */
export async function expectNothingCame({ home, vastai }: Harness): Promise<void> {
  expect(await home.read('owned')).toBeUndefined();
  expect((await vastai(['plugins'])).stdout).toContain('No plugins installed.');
  expect(await home.read(`${DATA}/node_modules/${ACCOUNT}/package.json`)).toBeUndefined();
}
