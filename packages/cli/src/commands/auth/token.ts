import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { line, type Result } from '@vastai-cli/kit/result';

export default class AuthToken extends ApiCommand {
  static override summary = 'Print the API key that would be sent, alone.';
  static override description = 'Nothing is asked of the API. Whoever sees the output has the key.';
  static override examples = [
    {
      description: 'Hand it to a program that takes it from a variable:',
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
