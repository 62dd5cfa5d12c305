import { string } from '@oclif/core/flags';
import { inviteMember } from '@vastai-cli/core/internal/api/team-members';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { withoutInvisible } from '@vastai-cli/core/internal/base/terminal-safe';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { line, type Result } from '@vastai-cli/kit/result';

export default class InviteMember extends ApiCommand {
  static override summary = 'Invite someone to the team.';
  static override description =
    'Vast.ai sends the invitation by email. The new member gets the permissions of the role.';
  static override examples = [
    {
      description: 'Invite a developer:',
      command: '<%= config.bin %> invite member --email user@example.com --role developer',
    },
  ];
  static override flags = {
    email: string({ required: true, helpValue: 'EMAIL', description: 'The address to invite.' }),
    role: string({
      required: true,
      helpValue: 'NAME',
      description: 'The role of the new member, as listed by "show team-roles".',
    }),
  };

  async run(): Promise<Result> {
    const { flags } = await this.parse(InviteMember);
    const email = requireAddress(flags.email);
    const role = flags.role.trim();
    if (role === '') throw new UsageError('The name of the role is empty.', [{ do: 'list-roles' }]);
    const { value, raw } = await inviteMember(await this.connect(flags), { email, role });
    return { document: value, raw, human: [line(`Invited ${email} as "${role}"`)] };
  }
}

/** Returns the trimmed address. @throws UsageError for something else; whether it exists is for the API to say. */
function requireAddress(text: string): string {
  const email = text.trim();
  if (/^[^\s@]+@[^\s@]+$/u.test(email) && withoutInvisible(email) === email) return email;
  throw new UsageError('--email must be an email address.', 'For example: --email user@example.com');
}
