import type { Config } from '@oclif/core/config';

/** Corrects the examples of oclif's commands that do not work as they are printed: a link leads to a folder. */
export function correctExamples(config: Config): void {
  const link = config.findCommand('plugins:link');
  if (link !== undefined) link.examples = ['<%= config.bin %> plugins link ./my-plugin'];
}
