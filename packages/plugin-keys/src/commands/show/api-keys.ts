import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { type Remark, type Result, table, warning } from '@vastai-cli/kit/result';
import { keyColumns } from './key-columns.js';

export default class ShowApiKeys extends ApiCommand {
  static override summary = 'List the API keys of the account.';
  static override description =
    'Prints a table, or an array with --json. The keys themselves are never shown.';
  static override examples = [
    {
      description: 'List the IDs of all keys:',
      command: "<%= config.bin %> show api-keys --json | jq '.[].id'",
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowApiKeys);
    const { value, raw, leftOut } = await listApiKeys(await this.connect(flags));
    return { document: value, raw, human: [table(keyColumns, value)], remarks: remarksOn(leftOut) };
  }
}

/** Returns a warning if the list is incomplete. `--raw` prints every record, so it needs none. */
function remarksOn(leftOut: number): readonly Remark[] {
  if (leftOut === 0) return [];
  const records = leftOut === 1 ? '1 record without an ID was' : `${leftOut} records without an ID were`;
  return [{ ...warning(`${records} left out of the list. To see everything, add --raw.`), unlessRaw: true }];
}
