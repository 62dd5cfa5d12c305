import { string } from '@oclif/core/args';
import { teamRole } from '@vastai-cli/core/internal/api/team-roles';
import { withClosestRoles } from '@vastai-cli/kit/closest-roles';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { requireRole } from '../../team/role-name.js';

export default class ShowTeamRole extends ApiCommand {
  static override summary = 'Show one role of the team, with its permissions.';
  static override description =
    'Prints the ID, name and permissions as JSON. To see what they allow, run "permissions explain role:NAME".';
  static override examples = [
    { description: 'Show a role:', command: '<%= config.bin %> show team-role developer' },
    {
      description: 'Save its permissions in a file:',
      command: '<%= config.bin %> show team-role developer --json | jq .permissions > perms.json',
    },
  ];
  static override args = {
    name: string({
      name: 'NAME',
      required: true,
      ignoreStdin: true,
      description: 'The name of the role, or its ID, as listed by "show team-roles".',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ShowTeamRole);
    const name = requireRole(args.name);
    const { value, raw } = await teamRole(await this.connect(flags), name).catch((error: unknown) => {
      throw withClosestRoles(error, name);
    });
    return { document: value, raw };
  }
}
