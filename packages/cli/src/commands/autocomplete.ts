import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/base-command';
import { fishCompletion } from '../services/fish-completion.js';

const SHELLS = ['bash', 'zsh', 'fish', 'powershell'];

export default class Autocomplete extends BaseCommand {
  static override wholeConfig = true;
  static override summary = 'Complete commands and flags in your shell.';
  static override description =
    `Says how to switch it on in bash, zsh and PowerShell. For fish it prints the completions themselves; print them again after a plugin was installed.`;
  static override examples = [
    { description: 'How to switch it on:', command: '<%= config.bin %> autocomplete' },
    {
      description: 'In fish:',
      command: '<%= config.bin %> autocomplete fish > ~/.config/fish/completions/vastai.fish',
    },
  ];
  static override args = {
    shell: string({
      options: SHELLS,
      ignoreStdin: true,
      description: 'The shell; else the one you are in.',
    }),
  };
  static override flags = {
    'refresh-cache': boolean({ char: 'r', description: 'Build the completions anew, and say nothing.' }),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(Autocomplete);
    if ((args.shell ?? this.config.shell) === 'fish') {
      process.stdout.write(this.#forFish());
      return;
    }
    // oclif's own does the other shells, and knows no other flags.
    const plugin = this.config.plugins.get('@oclif/plugin-autocomplete');
    const command = await plugin?.findCommand('autocomplete', { must: true });
    const refresh = flags['refresh-cache'] ? ['--refresh-cache'] : [];
    await command?.run([...(args.shell ? [args.shell] : []), ...refresh], this.config);
  }

  #forFish(): string {
    const commands = this.config.commands.filter(({ hidden }) => !hidden);
    const topics = new Map(this.config.topics.map(({ name, description }) => [name, description]));
    return fishCompletion(
      commands.map(({ id, summary, description, flags }) => ({ id, summary: summary ?? description, flags })),
      topics,
    );
  }
}
