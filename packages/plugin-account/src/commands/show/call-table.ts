import { secondsOf } from '@vastai-cli/core/internal/base/server-time';
import { serverText } from '@vastai-cli/core/internal/base/terminal-safe';
import { type Part, table } from '@vastai-cli/kit/result';
import type { LoggedCall } from './logged-calls.js';

/** Returns calls as a table. Their arguments are only in the document of `--json`: they can be long. */
export function callTable(calls: readonly LoggedCall[]): Part {
  return table(
    [
      { title: 'TIME', value: (row) => row.time },
      { title: 'KEY', value: ({ call }) => (call.api_key_id === null ? '-' : String(call.api_key_id)) },
      {
        title: 'ADDRESS',
        value: ({ call }) => `${serverText(call.ip_address ?? '-')}${call.new_address ? ' (new)' : ''}`,
        wraps: true,
      },
      // Columns that wrap are not cut, and a caller chooses the route.
      { title: 'ROUTE', value: ({ call }) => serverText(call.api_route ?? '-'), wraps: true },
    ],
    calls.map((call) => new Row(call)),
  );
}

/** Makes the time of a call once, although a table asks for it several times, and not at all if no table is printed. */
class Row {
  #time: string | undefined;

  constructor(readonly call: LoggedCall) {}

  get time(): string {
    this.#time ??= timeText(secondsOf(this.call.created_at));
    return this.#time;
  }
}

function timeText(seconds: number | null): string {
  return seconds === null ? '-' : `${new Date(seconds * 1000).toISOString().slice(0, 19)}Z`;
}
