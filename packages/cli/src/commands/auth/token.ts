import { ApiCommand } from '@vastai-cli/kit/command/api-command';

export default class AuthToken extends ApiCommand {
  static override summary = 'Print the API key that would be sent, alone.';
  static override description = 'Nothing is asked of the API. Whoever sees the output has the key.';
  static override examples = [
    {
      description: 'Hand it to a program that takes it from a variable:',
      command: 'VAST_API_KEY=$(<%= config.bin %> auth token) some-program',
    },
  ];

  async run(): Promise<void> {
    const { flags } = await this.parse(AuthToken);
    const { key, source } = await this.keyOf(await this.context(flags));
    if (this.output.format === 'human') this.output.line(key.reveal());
    else this.output.json({ key: key.reveal(), source: source.name, location: source.location });
  }
}
