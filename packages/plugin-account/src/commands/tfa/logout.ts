import { removeSession } from '@vastai-cli/core/internal/credentials/session';
import { ProfileCommand } from '@vastai-cli/kit/command/profile-command';
import { note, type Result, sentence } from '@vastai-cli/kit/result';
import { requireNoMore } from '../../two-factor/tfa-command.js';

export default class TfaLogout extends ProfileCommand {
  static override strict = false;
  static override summary = 'Forget the two-factor session of the profile.';
  static override description =
    'Removes the session from this machine and keeps the API key. Vast.ai does not end the session; to end it, use "delete session".';
  static override examples = [
    { description: 'Forget the session:', command: '<%= config.bin %> tfa logout' },
    {
      description: 'Forget the session of another profile:',
      command: '<%= config.bin %> tfa logout --profile work',
    },
  ];

  async run(): Promise<Result> {
    const { argv, flags } = await this.parse(TfaLogout);
    requireNoMore(argv);
    const context = await this.context(flags);
    const removed = await removeSession(context);
    const { name } = context.profile;
    const { storage = null, location = null } = removed ?? {};
    const text =
      removed === undefined
        ? `Profile "${name}" has no two-factor session.`
        : `Removed the two-factor session of profile "${name}" from ${location}.`;
    return {
      document: { profile: name, removed: removed !== undefined, storage, location },
      human: [sentence(text)],
      remarks:
        removed === undefined
          ? []
          : [{ ...note('Vast.ai still accepts it until it ends.'), forPeople: true }],
    };
  }
}
