import { sentKey } from '@vastai-cli/core/internal/context/sent-key';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { line, type Result } from '@vastai-cli/kit/result';
import { withoutValue } from '../../keys/shown-session.js';

export default class AuthToken extends ApiCommand {
  static override summary = 'Print the API key that commands send.';
  static override description =
    'If the key has a two-factor session, prints the session instead, because that is what commands send. Sends nothing to the API. Anyone who sees the output can use the key.';
  static override examples = [
    {
      description: 'Pass the key to a program in a variable:',
      command: 'VAST_API_KEY=$(<%= config.bin %> auth token) some-program',
    },
  ];

  async run(): Promise<Result> {
    const { flags } = await this.parse(AuthToken);
    const found = await this.keyOf(await this.context(flags));
    const { source, session } = found;
    const sent = sentKey(found).reveal();
    return {
      document: {
        key: sent,
        source: source.name,
        location: source.location,
        ...(session === undefined ? {} : { session: withoutValue(session) }),
      },
      human: [line(sent)],
    };
  }
}
