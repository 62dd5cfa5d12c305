import { string as argument } from '@oclif/core/args';
import { option } from '@oclif/core/flags';
import { readEnvironment } from '@vastai-cli/core/internal/base/environment';
import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { requirePreset } from '@vastai-cli/kit/input/preset';
import { note, type Part, type Result, sentence, verbatim } from '@vastai-cli/kit/result';
import { PRESETS } from '@vastai-cli/permissions/authoring/presets';
import { documentText } from '@vastai-cli/permissions/document/document-text';

/** The path for the output of `permissions schema`, relative to the permission file. */
const SCHEMA = './vast-permissions.schema.json';
const NAMES = PRESETS.map(({ name }) => name);

export default class PermissionsInit extends BaseCommand {
  static override summary = 'Create a permission file from a preset.';
  static override description =
    `Prints the document, or writes it to FILE. Its "$schema" line lets editors check the file (see "permissions schema").\n\n${PRESETS.map(
      ({ name, purpose }) => `${name}: ${purpose}`,
    ).join('\n')}`;
  static override examples = [
    {
      description: 'Create a file for a monitoring key:',
      command: '<%= config.bin %> permissions init perms.json --preset monitoring',
    },
    {
      description: 'Print to standard output:',
      command: '<%= config.bin %> permissions init --preset ci-deploy > perms.json',
    },
  ];
  static override args = {
    file: argument({
      name: 'FILE',
      ignoreStdin: true,
      description: 'The file to create.',
    }),
  };
  static override flags = {
    preset: option({
      options: NAMES,
      default: 'monitoring',
      helpValue: 'PRESET',
      description: 'The preset to use, as described below.',
    })(),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(PermissionsInit);
    const preset = requirePreset(flags.preset, readEnvironment(process.env));
    const text = documentText(preset.document, SCHEMA);
    const notes = [preset.purpose, ...preset.notes];
    return {
      document: { document: JSON.parse(text), notes },
      human: [args.file === undefined ? verbatim(text) : await makeFile(args.file, text)],
      remarks: notes.map(note),
    };
  }
}

async function makeFile(path: string, text: string): Promise<Part> {
  const { makeFile: write } = await import('@vastai-cli/core/internal/files/replace-file');
  await write(path, text);
  return sentence(`Created ${path}`);
}
