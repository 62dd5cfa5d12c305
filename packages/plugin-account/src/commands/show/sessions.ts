import { type LoginSession, listSessions } from '@vastai-cli/core/internal/api/sessions';
import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { countRemark, leftOutRemarks } from '@vastai-cli/kit/render/list-remarks';
import { type Column, type Result, table } from '@vastai-cli/kit/result';
import { count } from '@vastai-cli/permissions/json/count';

const COLUMNS: readonly Column<LoginSession>[] = [
  { title: 'ID', value: ({ id }) => String(id ?? '-') },
  { title: 'CREATED', value: ({ created_at: time }) => minuteOf(time) },
  { title: 'EXPIRES', value: ({ expires_at: time }) => minuteOf(time) },
  { title: 'LAST USED', value: ({ last_used: time }) => minuteOf(time), wraps: true },
  { title: 'ADDRESS', value: ({ ip_address: address }) => address ?? '-', wraps: true },
  { title: 'CLIENT', value: ({ user_agent: client }) => client ?? '-', wraps: true },
];

export default class ShowSessions extends ApiCommand {
  static override summary = 'List the login sessions of the account.';
  static override description =
    'Every login creates a session that lasts a week. Vast.ai does not document these fields, so columns may be empty; --raw prints everything except the session keys.';
  static override examples = [
    { description: 'List the sessions:', command: '<%= config.bin %> show sessions' },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowSessions);
    const { value, raw, leftOut } = await listSessions(await this.connect(flags));
    return {
      document: value,
      raw,
      human: [table(COLUMNS, value)],
      isPaged: true,
      remarks: [countRemark(`${count(value.length, 'session')}.`), ...leftOutRemarks(leftOut, 'any field')],
    };
  }
}

function minuteOf(time: string | number | null): string {
  const seconds = secondsOf(time);
  return seconds === null ? '-' : `${new Date(seconds * 1000).toISOString().slice(0, 16)}Z`;
}
