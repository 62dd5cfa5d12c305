import type { Config } from '@oclif/core/config';
import { type Finding, info, ok } from './finding.js';

/** Reports the versions of vastai, Node and the installed plugins. */
export function checkProgram(config: Config): Finding[] {
  const plugins = [...config.plugins.values()]
    .filter(({ type }) => type !== 'core')
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return [
    ok('program', config.userAgent),
    ...plugins.map(({ name, version, type }) => info('plugin', `${name} ${version} (${type})`)),
  ];
}
