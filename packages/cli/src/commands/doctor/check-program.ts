import type { Config } from '@oclif/core/config';
import { type Finding, info, ok } from './finding.js';

/** Names the program, the Node it runs on, and its plugins with their versions. */
export function checkProgram(config: Config): Finding[] {
  const plugins = [...config.plugins.values()]
    .filter(({ type }) => type !== 'core')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ok('program', config.userAgent),
    ...plugins.map(({ name, version, type }) => info('plugin', `${name} ${version} (${type})`)),
  ];
}
