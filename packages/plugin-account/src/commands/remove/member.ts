import { string } from '@oclif/core/args';
import { boolean } from '@oclif/core/flags';
import { removeMember } from '@vastai-cli/core/internal/api/team-members';
import { UsageError } from '@vastai-cli/core/internal/base/errors';
import { ApiCommand } from '@vastai-cli/kit/command/api-command';
import { confirm, requireAnswerable } from '@vastai-cli/kit/input/prompts';
import { line, type Result } from '@vastai-cli/kit/result';
import { memberQuestion } from './questions.js';

export default class RemoveMember extends ApiCommand {
  static override summary = 'Remove a member from the team.';
  static override description =
    'The member can no longer act for the team. Their own account stays as it is.';
  static override examples = [
    { description: 'Remove a member:', command: '<%= config.bin %> remove member 123' },
    { description: 'Remove one without confirmation:', command: '<%= config.bin %> remove member 123 --yes' },
  ];
  static override args = {
    id: string({
      name: 'ID',
      required: true,
      ignoreStdin: true,
      description: 'The ID of the user, as listed by "show members".',
    }),
  };
  static override flags = { yes: boolean({ char: 'y', description: 'Skip the confirmation.' }) };

  async run(): Promise<Result> {
    const { args, flags } = await this.parse(RemoveMember);
    const id = parseMemberId(args.id);
    requireAnswerable(flags.yes, this.terminal);
    const client = await this.connect(flags);
    if (!flags.yes) {
      const question = this.withProfile(await memberQuestion(client, id));
      await confirm(question, false, this.terminal);
    }
    const { raw } = await removeMember(client, id);
    return { document: { removed: id }, raw, human: [line(`Removed member ${id}`)] };
  }
}

/** Parses the id of a member, in plain digits only, because it becomes part of a URL path. @throws UsageError */
function parseMemberId(text: string): number {
  if (/^[1-9]\d{0,14}$/u.test(text)) return Number(text);
  throw new UsageError('The ID of a member must be a whole number, 1 or more.', [{ do: 'list-members' }]);
}
