import { run } from '@oclif/core/run';
import { settings } from '@oclif/core/settings';
import { failureOf } from '@vastai-cli/kit/failure';
import { Output } from '@vastai-cli/kit/output';
import { openTerminal } from '@vastai-cli/kit/terminal';
import { loadConfig } from './services/plugins/load-config.js';
import { npmFailure, withFullNames } from './services/plugins/plugin-words.js';

/**
 * Starts the CLI. What fails outside a command (an unknown one, a broken plugin) is reported as within one.
 *
 * oclif's own fallback, running TypeScript sources in development, is off: what runs is what was built.
 */
export async function main(): Promise<void> {
  settings.enableAutoTranspile = false;
  const [first = '', ...others] = process.argv.slice(2);
  // oclif's own --version and -v know no flags.
  const argv =
    ['--version', '-v'].includes(first) && others.length > 0 ? ['version', ...others] : process.argv.slice(2);
  const isPlain = argv.includes('--no-color');
  try {
    const config = await loadConfig(__dirname, argv, (text) => {
      new Output(openTerminal(isPlain), 'human').warn(text);
    });
    await run(withFullNames(argv, config.pjson.oclif.aliases), config);
  } catch (error) {
    const { oclif, code } = error as { oclif?: { exit?: number }; code?: string };
    // A command that reported its failure itself, or ended early as --help does.
    if (code === 'EEXIT') process.exit(oclif?.exit ?? 0);
    const failure = failureOf(npmFailure(error) ?? error);
    const asJson = argv.includes('--json') || argv.includes('--raw');
    new Output(openTerminal(isPlain), asJson ? 'json' : 'human').failure(failure);
    process.exit(failure.exitStatus);
  }
}
