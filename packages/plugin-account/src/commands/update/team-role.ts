import { string as argument } from '@oclif/core/args';
import { string } from '@oclif/core/flags';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { line, type Result } from '@vastai-cli/kit/result';
import { hasPermissions, permissionFlags, readRolePermissions } from '../../team/permission-flags.js';
import { requireNewName, requireRole } from '../../team/role-name.js';
import { changeRole } from './change-role.js';

export default class UpdateTeamRole extends ApiCommand {
  static override summary = 'Change the name or the permissions of a team role.';
  static override description =
    'Anything you leave out stays as it is. New permissions apply to everyone who has the role; to preview the change, run "permissions diff role:NAME FILE".';
  static override examples = [
    {
      description: 'Change the permissions:',
      command: '<%= config.bin %> update team-role developer --permissions perms.json',
    },
    {
      description: 'Change the name of the role with ID 5:',
      command: '<%= config.bin %> update team-role 5 --name developers',
    },
  ];
  static override args = {
    id: argument({
      name: 'ID',
      required: true,
      ignoreStdin: true,
      description: 'The ID of the role, or its name, as listed by "show team-roles".',
    }),
  };
  static override flags = {
    name: string({ helpValue: 'NAME', description: 'The new name of the role.' }),
    ...permissionFlags,
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(UpdateTeamRole);
    const role = requireRole(args.id);
    const name = flags.name === undefined ? undefined : requireNewName(flags.name);
    if (name === undefined && !hasPermissions(flags))
      throw new UsageError('Nothing to change.', 'Add --name NAME, --permissions FILE, or both.');
    const { permissions, remarks, failure } = await readRolePermissions(flags);
    if (failure !== undefined) return { document: undefined, human: [], remarks, failure };
    for (const { text } of remarks) this.output.note(text);
    const { value, raw } = await changeRole(await this.connect(flags), role, { name, permissions });
    return { document: value, raw, human: [line(`Updated team role "${value.name}"`)] };
  }
}
