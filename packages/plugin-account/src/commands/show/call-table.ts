import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { type Part, table } from '@vastai-cli/kit/result';
import type { LoggedCall } from './logged-calls.js';

/**
 * Returns calls as a table. Their arguments are only in the document of `--json`: they can be long. The cells are made first,
 * because a table asks for each of them several times.
 */
export function callTable(calls: readonly LoggedCall[]): Part {
  const rows = calls.map((call) => ({
    time: timeText(secondsOf(call.created_at)),
    key: call.api_key_id === null ? '-' : String(call.api_key_id),
    address: `${call.ip_address ?? '-'}${call.new_address ? ' (new)' : ''}`,
    route: call.api_route ?? '-',
  }));
  return table(
    [
      { title: 'TIME', value: ({ time }) => time },
      { title: 'KEY', value: ({ key }) => key },
      { title: 'ADDRESS', value: ({ address }) => address },
      { title: 'ROUTE', value: ({ route }) => route, shrinks: true },
    ],
    rows,
  );
}

function timeText(seconds: number | null): string {
  return seconds === null ? '-' : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
