import { string as argument } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { PRESETS } from '@vastai-cli/permissions/authoring/presets';
import { templateDocument } from '../../services/template-document.js';

const NAMES = PRESETS.map(({ name }) => name);

export default class PermissionsInit extends BaseCommand {
  static override summary = 'Start a permission file from a preset.';
  static override description =
    `Prints the document, or makes FILE. A "$schema" line lets editors check it; see "permissions schema".\n\n${PRESETS.map(
      ({ name, purpose }) => `${name}: ${purpose}`,
    ).join('\n')}`;
  static override examples = [
    {
      description: 'A key that only watches:',
      command: '<%= config.bin %> permissions init perms.json --preset monitoring',
    },
    {
      description: 'On standard output:',
      command: '<%= config.bin %> permissions init --preset ci-deploy > perms.json',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      ignoreStdin: true,
      description: 'The file to make; it must not be there yet.',
    }),
  };
  static override flags = {
    preset: option({ options: NAMES, default: 'monitoring', description: 'What the key is for.' })(),
  };

  async run(): Promise<void> {
    const { args, flags } = await this.parse(PermissionsInit);
    const { document, notes, text } = templateDocument(flags.preset);
    if (args.file !== undefined) {
      const { makeFile } = await import('../../services/replace-file.js');
      await makeFile(args.file, text);
    }
    if (this.output.format !== 'human') this.output.json({ document, notes });
    else if (args.file === undefined) process.stdout.write(text);
    else this.output.sentence(`Made ${args.file}`);
    for (const note of notes) this.output.note(note);
  }
}
