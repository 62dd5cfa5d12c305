import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { line, type Result, verbatim } from '@vastai-cli/kit/result';
import { completionScript, SHELLS, shellOf } from './autocomplete/completion/completion-script.js';
import { howToTurnOn } from './autocomplete/completion/instructions.js';
import { keepScripts } from './autocomplete/completion/kept-scripts.js';

export default class Autocomplete extends BaseCommand {
  static override wholeConfig = true;
  static override summary = 'Set up completion in your shell.';
  static override description =
    'Shows how to turn on completion in bash, zsh and PowerShell. For fish, prints the completions themselves; print them again after you install a plugin.';
  static override examples = [
    { description: 'Show how to turn it on:', command: '<%= config.bin %> autocomplete' },
    { description: 'In ~/.bashrc:', command: 'eval "$(<%= config.bin %> autocomplete script bash)"' },
    {
      description: 'In fish:',
      command: '<%= config.bin %> autocomplete fish > ~/.config/fish/completions/vastai.fish',
    },
  ];
  static override args = {
    shell: string({
      options: [...SHELLS],
      ignoreStdin: true,
      description: 'The shell; by default, your current shell.',
    }),
  };
  static override flags = {
    'refresh-cache': boolean({
      char: 'r',
      description: 'Only rewrite the scripts in the cache folder, which older setups load.',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(Autocomplete);
    if (flags['refresh-cache']) return { document: { written: await keepScripts(this.config) }, human: [] };
    const shell = shellOf(args.shell ?? this.config.shell);
    if (shell === undefined)
      throw new UsageError(
        'Your shell is not supported.',
        `Name one of ${SHELLS.join(', ')}. For example: vastai autocomplete bash`,
      );
    if (shell === 'fish') {
      const script = completionScript(shell, this.config);
      return { document: { shell, script }, human: [verbatim(script)] };
    }
    // The instructions work without the scripts.
    await keepScripts(this.config).catch(() => {});
    const instructions = howToTurnOn(shell);
    return { document: { shell, instructions }, human: [line(instructions)] };
  }
}
