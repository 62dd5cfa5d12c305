import { listTeamRoles } from '@vastai-cli/core/internal/api/team-roles';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { countRemark, leftOutRemarks } from '@vastai-cli/kit/render/list-remarks';
import { permissionsInBrief } from '@vastai-cli/kit/render/permissions-in-brief';
import { type Result, table } from '@vastai-cli/kit/result';
import { count } from '@vastai-cli/permissions/json/count';

export default class ShowTeamRoles extends ApiCommand {
  static override summary = 'List the roles of the team.';
  static override description = 'Prints a table, or an array with --json.';
  static override examples = [
    { description: 'List the roles:', command: '<%= config.bin %> show team-roles' },
    {
      description: 'List the names of roles that can invite and remove members:',
      command: `<%= config.bin %> show team-roles --json | jq -r '.[] | select(.permissions.api.team_write) | .name'`,
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowTeamRoles);
    const { value, raw, leftOut } = await listTeamRoles(await this.connect(flags));
    const columns = [
      { title: 'ID', value: ({ id }: (typeof value)[number]) => String(id ?? '-') },
      { title: 'NAME', value: ({ name }: (typeof value)[number]) => name ?? '-', shrinks: true },
      { title: 'PERMISSIONS', value: permissionsInBrief, shrinks: true },
    ];
    return {
      document: value,
      raw,
      human: [table(columns, value)],
      isPaged: true,
      remarks: [
        countRemark(`${count(value.length, 'role')}.`),
        ...leftOutRemarks(leftOut, 'an ID or a name'),
      ],
    };
  }
}
