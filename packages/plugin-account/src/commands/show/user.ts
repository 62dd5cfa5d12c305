import { currentUser } from '@vastai-cli/core/internal/api/users';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import type { Result } from '@vastai-cli/kit/result';

export default class ShowUser extends ApiCommand {
  static override summary = 'Show the account that the API key belongs to.';
  static override description =
    'Prints the ID, email address, credit and balance as JSON. Use it to check that a key works.';
  static override examples = [
    { description: 'Show the account:', command: '<%= config.bin %> show user' },
    { description: 'Print only the credit:', command: '<%= config.bin %> show user --json | jq .credit' },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(ShowUser);
    const { value, raw } = await currentUser(await this.connect(flags));
    return { document: value, raw };
  }
}
