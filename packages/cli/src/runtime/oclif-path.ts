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
 * Starts the CLI through oclif, with all plugins, hooks and help. Reports errors outside a command, such as an unknown
 * command or a broken plugin, in the same way as errors of a command.
 *
 * Turns off oclif's fallback to TypeScript sources in development, so that the built code runs.
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

/**
 * Reports an error that no command reported, and ends the process.
 *
 * @param status the exit status, if the error does not decide about it
 */
export function report(error: unknown, words: readonly string[], status?: number): never {
  const failure = failureOf(npmFailure(error) ?? error);
  const asJson = isGiven('--json', words) || isGiven('--raw', words);
  new Output(openTerminal(isGiven('--no-color', words)), asJson ? 'json' : 'human').failure(failure);
  process.exit(status ?? failure.exitStatus);
}
