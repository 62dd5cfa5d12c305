import { boolean } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { versionDetails } from '../services/version-details.js';

export default class Version extends BaseCommand {
  static override wholeConfig = true;
  static override summary = 'Print the version of vastai, and of what it runs on.';
  static override examples = [
    { description: 'Everything that a bug report needs:', command: '<%= config.bin %> version --verbose' },
  ];
  static override flags = { verbose: boolean({ description: 'With system, plugins and keychain.' }) };

  async run(): Promise<void> {
    const { flags } = await this.parse(Version);
    if (!flags.verbose && this.output.format === 'human') {
      this.output.line(this.config.userAgent);
      return;
    }
    const details = versionDetails(this.config);
    if (this.output.format !== 'human') this.output.json(details);
    else for (const [name, value] of Object.entries(details)) this.output.sentence(lines(name, value));
  }
}

function lines(name: string, value: unknown): string {
  if (!Array.isArray(value)) return `${name.padEnd(10)}${value}`;
  return value.map((one) => `${name.padEnd(10)}${one}`).join('\n');
}
