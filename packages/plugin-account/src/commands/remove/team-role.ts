import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { removeTeamRole } from '@vastai-cli/core/internal/api/team-role-changes';
import { teamRole } from '@vastai-cli/core/internal/api/team-roles';
import { withClosestRoles } from '@vastai-cli/kit/closest-roles';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import { line, type Result } from '@vastai-cli/kit/result';
import { requireRole } from '../../team/role-name.js';
import { roleQuestion } from './questions.js';

export default class RemoveTeamRole extends ApiCommand {
  static override summary = 'Remove a role from the team.';
  static override description = 'You cannot remove a role that members still have.';
  static override examples = [
    { description: 'Remove a role:', command: '<%= config.bin %> remove team-role developer' },
    {
      description: 'Remove it without confirmation:',
      command: '<%= config.bin %> remove team-role developer --yes',
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
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(RemoveTeamRole);
    let role = requireRole(args.name);
    requireAnswerable(flags.yes, this.terminal);
    const client = await this.connect(flags);
    if (!flags.yes) {
      const { value } = await teamRole(client, role).catch((error: unknown) => {
        throw withClosestRoles(error, role);
      });
      await confirm(this.withProfile(roleQuestion(value)), false, this.terminal);
      role = String(value.id ?? role);
    }
    const { raw } = await removeTeamRole(client, role);
    return {
      document: { removed: args.name },
      raw,
      human: [line(`Removed team role "${args.name}"`)],
    };
  }
}
