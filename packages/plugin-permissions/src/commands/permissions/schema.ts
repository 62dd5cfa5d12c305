import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import { permissionSchema } from '@vastai-cli/permissions/authoring/json-schema';

export default class PermissionsSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of permission files, for editors.';
  static override description =
    'JSON Schema 2020-12. A file that names it in "$schema" is completed and checked while it is written; the line is taken out before anything is sent.';
  static override examples = [
    {
      description: 'Put it where "permissions init" refers to:',
      command: '<%= config.bin %> permissions schema > vast-permissions.schema.json',
    },
  ];

  async run(): Promise<void> {
    await this.parse(PermissionsSchema);
    this.output.json(permissionSchema());
  }
}
