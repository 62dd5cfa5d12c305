import { BaseCommand } from '@vastai-cli/kit/command/base-command';
import type { Result } from '@vastai-cli/kit/result';
import { permissionSchema } from '@vastai-cli/permissions/authoring/json-schema';

export default class PermissionsSchema extends BaseCommand {
  static override summary = 'Print the JSON Schema of permission files for editors.';
  static override description =
    'Editors use it to complete and check files that name it in "$schema" (JSON Schema 2020-12). The "$schema" line is never sent to Vast.ai.';
  static override examples = [
    {
      description: 'Save it under the name that "permissions init" uses:',
      command: '<%= config.bin %> permissions schema > vast-permissions.schema.json',
    },
  ];

  async run(): Promise<Result> {
    await this.parse(PermissionsSchema);
    return { document: permissionSchema() };
  }
}
