import { string } from '@oclif/core/flags';
import { createTeamRole } from '@vastai-cli/core/internal/api/team-role-changes';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { line, type Result } from '@vastai-cli/kit/result';
import { permissionFlags, readRolePermissions, requirePermissions } from '../../team/permission-flags.js';
import { requireNewName } from '../../team/role-name.js';

export default class CreateTeamRole extends ApiCommand {
  static override summary = 'Create a role for the members of the team.';
  static override description =
    'vastai checks the permissions as it does for a new API key. They apply to everyone who has the role.';
  static override examples = [
    {
      description: 'Create a role with the permissions in a file:',
      command: '<%= config.bin %> create team-role --name deployer --permissions perms.json',
    },
    {
      description: 'Create a role that can watch instances and list team members:',
      command: '<%= config.bin %> create team-role --name viewer --preset monitoring --allow team_read',
    },
  ];
  static override flags = {
    name: string({ required: true, helpValue: 'NAME', description: 'The name of the role.' }),
    ...permissionFlags,
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(CreateTeamRole);
    const name = requireNewName(flags.name);
    requirePermissions(flags);
    const { permissions = {}, remarks, failure } = await readRolePermissions(flags);
    if (failure !== undefined) return { document: undefined, human: [], remarks, failure };
    for (const { text } of remarks) this.output.note(text);
    const { value, raw } = await createTeamRole(await this.connect(flags), { name, permissions });
    return { document: value, raw, human: [line(`Created team role "${name}"`)] };
  }
}
