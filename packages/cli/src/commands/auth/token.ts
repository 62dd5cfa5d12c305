import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { line, type Result } from '@vastai-cli/kit/result';

export default class AuthToken extends ApiCommand {
  static override summary = 'Print the API key that commands send.';
  static override description = 'Nothing is sent to the API. Anyone who sees the output has the key.';
  static override examples = [
    {
      description: 'Pass the key to a program that reads it from a variable:',
      command: 'VAST_API_KEY=$(<%= config.bin %> auth token) some-program',
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(AuthToken);
    const { key, source } = await this.keyOf(await this.context(flags));
    return {
      document: { key: key.reveal(), source: source.name, location: source.location },
      human: [line(key.reveal())],
    };
  }
}
