import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { failureOf } from '@vastai-cli/kit/failure';
import { Output } from '@vastai-cli/kit/output';
import { openTerminal } from '@vastai-cli/kit/terminal';
import { exitAsAsked } from './front-door/exit-as-asked.js';
import { loadConfig } from './services/plugins/load-config.js';
import { npmFailure, withFullNames } from './services/plugins/plugin-words.js';

/**
 * Starts the CLI as oclif does it: all plugins, hooks, help. What fails outside a command (an unknown one, a
 * broken plugin) is reported as within one.
 *
 * oclif's own fallback, running TypeScript sources in development, is off: what runs is what was built.
 */
export async function main(words: readonly string[]): Promise<void> {
  settings.enableAutoTranspile = false;
  const [first = '', ...others] = words;
  // oclif's own --version and -v know no flags.
  const argv = ['--version', '-v'].includes(first) && others.length > 0 ? ['version', ...others] : words;
  try {
    const config = await loadConfig(__dirname, argv, (text) => {
      new Output(openTerminal(argv.includes('--no-color')), 'human').warn(text);
    });
    await run(withFullNames(argv, config.pjson.oclif.aliases), config);
  } catch (error) {
    exitAsAsked(error);
    report(error, argv);
  }
}

/** Ends the process with an error that no command reported. */
export function report(error: unknown, argv: readonly string[]): never {
  const failure = failureOf(npmFailure(error) ?? error);
  const asJson = argv.includes('--json') || argv.includes('--raw');
  new Output(openTerminal(argv.includes('--no-color')), asJson ? 'json' : 'human').failure(failure);
  process.exit(failure.exitStatus);
}
