import { string } from '@oclif/core/args';
import { showApiKey } from '@vastai-cli/core/internal/api/api-keys';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';
import { parseKeyId } from '../../keys/key-id.js';

export default class ShowApiKey extends ApiCommand {
  static override summary = 'Show one API key of the account by ID.';
  static override description =
    'Prints the name, permissions and dates as JSON. The key itself is never shown.';
  static override examples = [{ description: 'Show one key:', command: '<%= config.bin %> show api-key 42' }];
  static override args = {
    id: string({
      name: 'ID',
      required: true,
      ignoreStdin: true,
      description: 'The ID of the key, as listed by "show api-keys".',
    }),
  };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(ShowApiKey);
    const id = parseKeyId(args.id);
    const { value, raw } = await showApiKey(await this.connect(flags), id);
    return { document: value, raw };
  }
}
