import { integer, string } from '@oclif/core/flags';
import { LOG_NOT_WHOLE, listAuditLogs } from '@vastai-cli/core/internal/api/audit-logs';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { countRemark } from '@vastai-cli/kit/render/list-remarks';
import { type Result, warning } from '@vastai-cli/kit/result';
import { countShown } from '@vastai-cli/permissions/json/count';
import { callTable } from './call-table.js';
import { chooseCalls, loggedCalls } from './logged-calls.js';
import { parsePast } from './point-in-time.js';

export default class ShowAuditLogs extends ApiCommand {
  static override summary = 'Show which API key called what, when, and from which address.';
  static override description =
    'Prints the newest calls first. A call is marked "new" if it is the first from its address by a key that was used from another address before. Vast.ai records only important actions, so a key that only reads may never appear.';
  static override examples = [
    {
      description: 'Show the calls of one key in the last week:',
      command: '<%= config.bin %> show audit-logs --key 42 --since 7d',
    },
    {
      description: 'List the calls that first came from another address:',
      command: "<%= config.bin %> show audit-logs --json | jq '.[] | select(.new_address)'",
    },
  ];
  static override flags = {
    key: integer({ min: 1, helpValue: 'ID', description: 'Show only the calls of this key.' }),
    since: string({
      helpValue: 'TIME',
      description: 'Show only calls since then: a duration, such as 7d, or a date, such as 2026-01-31.',
    }),
    route: string({
      helpValue: 'GLOB',
      description: 'Show only calls of these routes. "*" stands for any characters.',
    }),
    ip: string({ helpValue: 'GLOB', description: 'Show only calls from these addresses.' }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowAuditLogs);
    const { key, route, ip } = flags;
    const since =
      flags.since === undefined ? undefined : parsePast(flags.since, Date.now() / 1000, '--since');
    const { value, raw, isWhole } = await listAuditLogs(await this.connect(flags));
    const calls = chooseCalls(loggedCalls(value), { key, since, route, ip });
    const count = `${countShown(calls.length, value.length, 'call')}.`;
    return {
      document: calls,
      raw,
      human: [callTable(calls)],
      isPaged: true,
      remarks: [countRemark(count), ...(isWhole ? [] : [warning(LOG_NOT_WHOLE)])],
    };
  }
}
