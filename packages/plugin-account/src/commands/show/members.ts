import { listTeamMembers, type TeamMember } from '@vastai-cli/core/internal/api/team-members';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { countRemark, leftOutRemarks } from '@vastai-cli/kit/render/list-remarks';
import { type Column, type Result, table } from '@vastai-cli/kit/result';
import { count } from '@vastai-cli/permissions/json/count';

const COLUMNS: readonly Column<TeamMember>[] = [
  { title: 'ID', value: ({ id }) => String(id ?? '-') },
  { title: 'NAME', value: ({ fullname, username }) => fullname ?? username ?? '-', shrinks: true },
  { title: 'EMAIL', value: ({ email }) => email ?? '-', shrinks: true },
  { title: 'ROLES', value: ({ roles }) => roles?.join(', ') ?? 'unknown', shrinks: true },
];

export default class ShowMembers extends ApiCommand {
  static override summary = 'List the members of the team, with their roles.';
  static override description = 'Prints a table, or an array with --json.';
  static override examples = [
    { description: 'List the members:', command: '<%= config.bin %> show members' },
    {
      description: 'List the addresses of everyone who has a role:',
      command: `<%= config.bin %> show members --json | jq -r '.[] | select(.roles | index("developer")) | .email'`,
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowMembers);
    const { value, raw, leftOut } = await listTeamMembers(await this.connect(flags));
    return {
      document: value,
      raw,
      human: [table(COLUMNS, value)],
      isPaged: true,
      remarks: [
        countRemark(`${count(value.length, 'member')}.`),
        ...leftOutRemarks(leftOut, 'an ID or a name'),
      ],
    };
  }
}
