import { string } from '@oclif/core/args';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { type Result, verbatim } from '@vastai-cli/kit/result';
import { completionScript, SHELLS, type Shell } from './completion/completion-script.js';

export default class AutocompleteScript extends BaseCommand {
  static override wholeConfig = true;
  static override summary = 'Print the completion script for a shell.';
  static override examples = [
    { description: 'In ~/.bashrc:', command: 'eval "$(<%= config.bin %> autocomplete script bash)"' },
    { description: 'In ~/.zshrc:', command: 'eval "$(<%= config.bin %> autocomplete script zsh)"' },
    {
      description: 'In ~/.config/fish/config.fish:',
      command: '<%= config.bin %> autocomplete script fish | source',
    },
    {
      description: 'In the profile of PowerShell:',
      command: '<%= config.bin %> autocomplete script powershell | Out-String | Invoke-Expression',
    },
  ];
  static override args = {
    shell: string({ options: [...SHELLS], required: true, ignoreStdin: true, description: 'The shell.' }),
  };

  async run(): Promise<Result> {
    const { args } = await this.parse(AutocompleteScript);
    const script = completionScript(args.shell as Shell, this.config);
    return { document: { shell: args.shell, script }, human: [verbatim(script)] };
  }
}
