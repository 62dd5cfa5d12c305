import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { isGiven } from '@vastai-cli/kit/command/given-flag';
import { failureOf } from '@vastai-cli/kit/render/failure';
import { Output } from '@vastai-cli/kit/render/output';
import { openTerminal } from '@vastai-cli/kit/render/terminal';
import { argvOf } from './argv-of.js';
import { exitAsAsked } from './fast-path/exit-as-asked.js';
import { loadConfig } from './plugins/load-config.js';
import { npmFailure, withFullNames } from './plugins/plugin-words.js';

/**
 * Starts the CLI as oclif does it: all plugins, hooks, help. What fails outside a command (an unknown one, a
 * broken plugin) is reported as within one.
 *
 * oclif's own fallback, running TypeScript sources in development, is off: what runs is what was built.
 */
export async function main(words: readonly string[]): Promise<void> {
  settings.enableAutoTranspile = false;
  try {
    const output = new Output(openTerminal(isGiven('--no-color', words)), 'human');
    const config = await loadConfig(__dirname, words, output);
    const argv = argvOf(words, config);
    await run(withFullNames(argv, config.pjson.oclif.aliases), config);
  } catch (error) {
    exitAsAsked(error);
    report(error, words);
  }
}

/** Ends the process with an error that no command reported. */
export function report(error: unknown, words: readonly string[]): never {
  const failure = failureOf(npmFailure(error) ?? error);
  const asJson = isGiven('--json', words) || isGiven('--raw', words);
  new Output(openTerminal(isGiven('--no-color', words)), asJson ? 'json' : 'human').failure(failure);
  process.exit(failure.exitStatus);
}
