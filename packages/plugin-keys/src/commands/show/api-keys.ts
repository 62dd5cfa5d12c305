import { boolean, option, string } from '@oclif/core/flags';
import { listApiKeys } from '@vastai-cli/core/internal/api/api-keys';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { notedIdOf } from '@vastai-cli/core/internal/credentials/noted-key';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { countRemark, leftOutRemarks } from '@vastai-cli/kit/render/list-remarks';
import { type Result, table } from '@vastai-cli/kit/result';
import { CAPABILITIES } from '@vastai-cli/permissions/decision/capability-names';
import { countShown } from '@vastai-cli/permissions/json/count';
import { type ListedKey, matchesName, SORTS, sortKeys } from '../../keys/listed-key.js';
import { listedColumns } from './key-columns.js';

export default class ShowApiKeys extends ApiCommand {
  static override summary = 'List the API keys of the account.';
  static override description =
    'Prints a table, or an array with --json. The keys themselves are never shown. * marks the key in use, if its ID was recorded when it was saved. --usage reads the audit log, which records only important actions: "not seen" does not mean unused, and "not observable" means that the log never records what the key can do. Expiry dates are kept on this machine, not by Vast.ai.';
  static override examples = [
    {
      description: 'List the IDs of all keys:',
      command: "<%= config.bin %> show api-keys --json | jq '.[].id'",
    },
    {
      description: 'See which keys are used, starting with the one unused for longest:',
      command: '<%= config.bin %> show api-keys --usage --sort last-used',
    },
    {
      description: 'List the keys that can create keys:',
      command: '<%= config.bin %> show api-keys --can mint-keys',
    },
  ];
  static override flags = {
    usage: boolean({ description: 'Show when and from where each key was last used, and when it expires.' }),
    name: string({
      helpValue: 'GLOB',
      description: 'List only keys whose name matches. "*" stands for any characters.',
    }),
    can: option({
      options: CAPABILITIES,
      multiple: true,
      multipleNonGreedy: true,
      delimiter: ',',
      helpValue: 'CAPABILITY',
      description: 'List only keys that could do this.',
    })(),
    sort: option({
      options: SORTS,
      description: 'Sort the keys, the oldest first. "last-used" and "expires" need --usage.',
    })(),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowApiKeys);
    const { name, can, sort } = flags;
    if (!flags.usage && (sort === 'last-used' || sort === 'expires'))
      throw new UsageError(`--sort ${sort} needs --usage.`);
    const context = await this.context(flags);
    const found = await this.keyOf(context);
    const client = await this.clientFor(flags, context, found);
    const { value, raw, leftOut } = await listApiKeys(client);
    const noted = notedIdOf(context.record, found.key);
    // Both need the catalogue of operations, which most runs do not.
    const { withUsage } = flags.usage ? await import('./with-usage.js') : {};
    const { couldDo } = can === undefined ? {} : await import('../../keys/key-capabilities.js');
    const used = await withUsage?.(value, { client, context, noted });
    const keys: readonly ListedKey[] =
      used?.keys ??
      value.map((key) => ({ ...key, ...(noted !== undefined && { in_use: key.id === noted }) }));
    const chosen = keys.filter(
      (key) => (name === undefined || matchesName(name, key)) && (couldDo?.(key, can ?? []) ?? true),
    );
    const shown = sortKeys(chosen, sort);
    const count = `${countShown(shown.length, keys.length, 'key')}.`;
    return {
      document: shown,
      raw,
      human: [table(listedColumns(shown, flags.usage), shown)],
      isPaged: true,
      remarks: [countRemark(count), ...leftOutRemarks(leftOut, 'an ID'), ...(used?.remarks ?? [])],
    };
  }
}
